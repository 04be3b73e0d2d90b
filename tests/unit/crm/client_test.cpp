#include "core/crm/client.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>

#include "core/crm/pace.hpp"
#include "core/platform/base/process_counts.hpp"
#include "tests/support/http/scripted_transport.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::crm {
namespace client_test {

using testing::ScriptedTransport;

constexpr const char* token = "0123456789abcdef0123456789abcdef01234567";

class CrmClient : public ::testing::Test {
 protected:
  // What the server answers to everything.
  void play(http::Response response) {
    transport_ = std::make_unique<ScriptedTransport>(
        [response = std::move(response)](const auto&) { return response; });
    client_ = std::make_unique<Client>(*transport_, access_);
  }
  void fail(const base::Error& error) {
    transport_ = std::make_unique<ScriptedTransport>(
        [error](const auto&) -> http::Response { throw error; });
    client_ = std::make_unique<Client>(*transport_, access_);
  }
  Answer post(http::Response response) {
    play(std::move(response));
    return client_->add_activity({"a.md", "task", "<p>x</p>"});
  }
  [[nodiscard]] const http::Request& request() const { return transport_->requests.back(); }

  Access access_{"https://acme.example/api/v2", base::Secret(token)};
  std::unique_ptr<ScriptedTransport> transport_;
  std::unique_ptr<Client> client_;
};

TEST_F(CrmClient, AddsAnActivity) {
  play({201, {{"Date", "Tue, 01 Dec 2026 00:00:00 GMT"}}, R"({"success":true,"data":{"id":7}})"});
  const auto answer = client_->add_activity({"a.md", "task", "<p>x</p>", 3, 0, 5});
  EXPECT_EQ(answer.meaning, Meaning::done);
  EXPECT_EQ(answer.id, 7);
  EXPECT_TRUE(answer.date.has_value());
  EXPECT_EQ(request().method, "POST");
  EXPECT_EQ(request().url, "https://acme.example/api/v2/activities");
  EXPECT_EQ(request().body, R"({"subject":"a.md","type":"task","done":false,"note":"<p>x</p>",)"
                            R"("owner_id":3,"deal_id":5})");
  EXPECT_EQ(ScriptedTransport::header(request(), "x-api-token"), token);
  EXPECT_EQ(ScriptedTransport::header(request(), "Content-Type"), "application/json");
}

TEST_F(CrmClient, ChangesOnlyTheMembersThatAreSet) {
  play({200, {}, R"({"success":true,"data":{"id":7}})"});
  EXPECT_EQ(client_->change_activity(7, {.note = "new"}).meaning, Meaning::done);
  EXPECT_EQ(request().method, "PATCH");
  EXPECT_EQ(request().url, "https://acme.example/api/v2/activities/7");
  EXPECT_EQ(request().body, R"({"note":"new"})");
  static_cast<void>(client_->change_activity(7, {.is_done = true}));
  EXPECT_EQ(request().body, R"({"done":true})");
}

TEST_F(CrmClient, AddsADeal) {
  play({201, {}, R"({"success":true,"data":{"id":9}})"});
  EXPECT_EQ(client_->add_deal({"alice", 1, 2, 3, 4}).id, 9);
  EXPECT_EQ(request().url, "https://acme.example/api/v2/deals");
  EXPECT_EQ(request().body,
            R"({"title":"alice","owner_id":1,"org_id":2,"pipeline_id":3,"stage_id":4})");
}

TEST_F(CrmClient, ListsAPageSinceATime) {
  play({200, {}, R"({"success":true,"data":[{"id":1,"subject":"a","note":"n","owner_id":3},
       {"id":2,"subject":null,"note":null}],"additional_data":{"next_cursor":"a+b="}})"});
  PageRequest wanted;
  wanted.updated_since = base::TimePoint(std::chrono::milliseconds(1'500));
  wanted.cursor = "x=&y";
  const auto page = client_->list_activities(wanted);
  EXPECT_EQ(page.answer.meaning, Meaning::done);
  ASSERT_EQ(page.entries.size(), 2U);
  EXPECT_EQ(page.entries[0].note, "n");
  EXPECT_EQ(page.entries[0].owner_id, 3);
  EXPECT_EQ(page.next_cursor, "a+b=");
  EXPECT_EQ(request().url,
            "https://acme.example/api/v2/activities?limit=500&updated_since="
            "1970-01-01T00%3A00%3A01Z&cursor=x%3D%26y");
}

TEST_F(CrmClient, DoubtsAnAnswerThatShowsNothing) {
  for (const char* body :
       {"", "<html>", "{}", R"({"success":true})", R"({"success":true,"data":{}})",
        R"({"success":false,"data":{"id":3}})", R"({"success":true,"data":{"id":3)"})
    EXPECT_EQ(post({201, {}, body}).meaning, Meaning::unknown) << body;
  play({200, {}, R"({"success":true,"data":[{"subject":"x"}]})"});
  EXPECT_EQ(client_->list_deals({}).answer.meaning, Meaning::unknown);
}

TEST_F(CrmClient, KnowsWhatWasNotDone) {
  const std::string json = R"({"success":false,"error":"Bad"})";
  for (const int status : {400, 402, 413, 415, 422, 403})
    EXPECT_EQ(post({status, {}, json}).meaning, Meaning::refused) << status;
  for (const int status : {404, 410})
    EXPECT_EQ(post({status, {}, json}).meaning, Meaning::missing) << status;
  for (const int status : {301, 302, 408, 409, 500, 502, 503, 504})
    EXPECT_EQ(post({status, {}, json}).meaning, Meaning::unknown) << status;
  EXPECT_EQ(post({401, {}, json}).meaning, Meaning::unauthorized);
  EXPECT_EQ(post({403, {{"Content-Type", "text/html; charset=utf-8"}}, ""}).meaning,
            Meaning::blocked);
  EXPECT_EQ(post({403, {}, "\n<!DOCTYPE html>"}).meaning, Meaning::blocked);
  EXPECT_EQ(post({400, {}, json}).cause, "status 400, Bad");
}

TEST_F(CrmClient, FollowsNoRedirect) {
  static_cast<void>(post({302, {{"Location", "https://evil.example/"}}, ""}));
  EXPECT_EQ(transport_->requests.size(), 1U);
}

TEST_F(CrmClient, ReadsHowLongItIsToWait) {
  using std::chrono::seconds;
  EXPECT_EQ(post({429, {{"Retry-After", "7"}, {"x-ratelimit-reset", "2"}}, ""}).wait, seconds(7));
  EXPECT_EQ(post({429, {{"x-ratelimit-reset", "2"}}, ""}).wait, seconds(2));
  EXPECT_EQ(post({429, {{"Retry-After", "0"}}, ""}).wait, seconds(1));
  EXPECT_EQ(post({429, {{"Retry-After", "9999999"}}, ""}).wait, pause_max);
  EXPECT_EQ(post({429, {{"Retry-After", "soon"}}, ""}).wait, std::nullopt);
  EXPECT_EQ(post({429, {{"x-ratelimit-reset", "1796083200"}}, ""}).wait, std::nullopt);
}

TEST_F(CrmClient, KnowsTheBudgetOfTheDay) {
  EXPECT_EQ(post({429, {{"X-Daily-Requests-Left", "0"}}, ""}).meaning, Meaning::spent);
  EXPECT_EQ(post({429, {}, R"({"error":"Daily API token limit exceeded"})"}).meaning,
            Meaning::spent);
  EXPECT_EQ(post({429, {{"x-daily-requests-left", "10"}}, ""}).meaning, Meaning::limited);
}

TEST_F(CrmClient, KnowsWhetherARequestWasSent) {
  using base::Error;
  using base::ErrorKind;
  const auto meaning = [&](const char* code) {
    fail(Error(ErrorKind::unavailable, "unable to ask", "", code));
    return client_->add_deal({"alice"}).meaning;
  };
  EXPECT_EQ(meaning("connect_failed"), Meaning::unsent);
  EXPECT_EQ(meaning("tls_verify"), Meaning::unsent);
  for (const char* code : {"timed_out", "connection_broken", "response_too_large"})
    EXPECT_EQ(meaning(code), Meaning::unknown) << code;
  EXPECT_TRUE(client_->list_activities({}).is_too_large);
}

TEST_F(CrmClient, HidesTheTokenThatTheServerRepeats) {
  const auto cause =
      post({400, {}, std::string(R"({"error":"token )") + token + " is odd\"}"}).cause;
  EXPECT_EQ(cause, "status 400, token [hidden] is odd");
  EXPECT_EQ(request().url.find(token), std::string::npos);
}

TEST_F(CrmClient, CountsItsRequests) {
  static_cast<void>(base::reset_counts());
  static_cast<void>(post({201, {}, R"({"success":true,"data":{"id":7}})"}));
  EXPECT_EQ(base::reset_counts()["crm_requests.POST.201"], 1);
}

TEST(PaceTest, LetsSoManyThroughInTwoSeconds) {
  using std::chrono::milliseconds;
  Pace pace(2);
  const base::MonotonicTime begin{};
  const auto wait_at = [&](int ms) { return pace.wait(begin + milliseconds(ms)); };
  pace.note(begin);
  EXPECT_EQ(wait_at(500), milliseconds(0));
  pace.note(begin + milliseconds(500));
  EXPECT_EQ(wait_at(600), milliseconds(1'400));
  EXPECT_EQ(wait_at(2'000), milliseconds(0));
  pace.note(begin + milliseconds(2'000));
  EXPECT_EQ(wait_at(2'100), milliseconds(400));
}

class CrmAccess : public ::testing::Test {
 protected:
  CrmAccess() {
    settings_.company = "acme";
    settings_.token_file = folder_ / "token";
    write(std::string(token) + "\n");
  }
  void write(const std::string& text) {
    testing::write_text(settings_.token_file, text);
    chmod(settings_.token_file.c_str(), 0600);
  }
  [[nodiscard]] bool is_refused() const {
    try {
      static_cast<void>(open_access(settings_));
      return false;
    } catch (const base::Error& error) {
      return error.kind() == base::ErrorKind::config && !error.hint().empty();
    }
  }
  testing::TempFolder folder_;
  config::Crm settings_;
};

TEST_F(CrmAccess, IsTheCompanysOwnAddressUnlessAnotherIsNamed) {
  EXPECT_EQ(open_access(settings_).api_url, "https://acme.pipedrive.com/api/v2");
  settings_.api_url = "https://crm.example/api/v2/";
  EXPECT_EQ(open_access(settings_).api_url, "https://crm.example/api/v2");
}

TEST_F(CrmAccess, RefusesAddressesThatAreNotPrivate) {
  for (const char* url :
       {"http://acme.example/api/v2", "http://127.0.0.1.evil.example/", "ftp://a.example",
        "https://u:p@a.example/api/v2", "https://a.example/?q"}) {
    settings_.api_url = url;
    EXPECT_TRUE(is_refused()) << url;
  }
  settings_.api_url = "http://127.0.0.1:8080/api/v2";
  EXPECT_FALSE(is_refused());
  settings_.api_url.clear();
  settings_.company = "acme.evil.example/";
  EXPECT_TRUE(is_refused());
}

TEST_F(CrmAccess, RefusesATokenThatCouldEndAHeader) {
  write("abc def\n");
  EXPECT_TRUE(is_refused());
}

TEST_F(CrmAccess, IsOffWithoutATokenOrACompany) {
  EXPECT_EQ(company_of(settings_), "acme");
  settings_.token_file.clear();
  EXPECT_EQ(company_of(settings_), "");
}

TEST_F(CrmAccess, HasAFingerprintThatChangesWithTheToken) {
  const auto before = fingerprint(open_access(settings_));
  EXPECT_EQ(before, fingerprint(open_access(settings_)));
  write("other\n");
  EXPECT_NE(before, fingerprint(open_access(settings_)));
  EXPECT_EQ(before.size(), 16U);
}

}  // namespace client_test
}  // namespace devy::crm
