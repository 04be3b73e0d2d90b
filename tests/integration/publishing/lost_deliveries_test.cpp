// Deliveries that GitHub tried and nobody took, found at the deliveries API and healed.
#include "core/platform/webhook/lost_deliveries.hpp"

#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "core/platform/base/error.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/systems.hpp"
#include "tests/support/github/rsa_key.hpp"
#include "tests/support/http/scripted_transport.hpp"
#include "tests/support/publishing/upload_fixture.hpp"

namespace devy::publishing {
namespace lost_deliveries_test {

using testing::ending;
using testing::Lines;
using testing::UploadTest;

using testing::ScriptedTransport;

std::string guid(int number) {
  return "00000000-0000-4000-8000-00000000000" + std::to_string(number);
}

class LostDelivery : public UploadTest {
 protected:
  LostDelivery() {
    const auto url = server_.url();
    config_.github.api_url = "https://api.example";
    config_.github.host = url.substr(url.find("//") + 2);
    config_.github.app_id = "77";
    config_.github.app_key_file = private_file("app.pem", testing::rsa_key().private_pem);
    execute("update repository set github_id = 9");
    write("a.md", "# A\n");
    push_and_publish();
  }

  std::string private_file(const std::string& name, const std::string& text) {
    const auto path = folder_ / name;
    testing::write_text(path, text);
    chmod(path.c_str(), 0600);
    return path;
  }

  struct Entry {
    int id = 0;
    std::string event = "push";
    int status_code = 502;
    std::chrono::seconds age{600};
    std::string guid_text = {};  // else by its id
  };
  void list(const std::vector<Entry>& entries) {
    auto document = nlohmann::json::array();
    for (const auto& entry : entries) {
      const auto at = base::system_clock().now() - entry.age;
      document.push_back({{"id", entry.id},
                          {"guid", entry.guid_text.empty() ? guid(entry.id) : entry.guid_text},
                          {"event", entry.event},
                          {"status_code", entry.status_code},
                          {"delivered_at", base::format_rfc3339(at)},
                          {"repository_id", 9}});
    }
    listed_ = document.dump();
    etag_ = "\"" + std::to_string(++lists_) + "\"";
  }
  http::Response answer(const http::Request& request) {
    if (request.method == "POST") return {202, {}, "{}"};
    if (request.url.find("/hooks?") != std::string::npos) return {200, {}, hooks_};
    if (ScriptedTransport::header(request, "if-none-match") == etag_) return {304, {}, ""};
    return {200, {{"ETag", etag_}}, listed_};
  }
  queue::MaintenanceCounts look() {
    queue::MaintenanceCounts counts;
    if (!access_) {
      auto transport = std::make_unique<ScriptedTransport>(
          [this](const auto& request) { return play_(request); });
      github_ = transport.get();
      access_ =
          std::make_unique<github::Access>(config_, base::system_clock(), std::move(transport));
    }
    execute("update hook set look_at = now() - interval '1 second'");
    // The first time it finds out what there is to look at.
    const auto turn = [&] {
      return webhook::check_next_hook(connection_, config_, systems::subscribers(), *access_,
                                      counts, {});
    };
    EXPECT_TRUE(turn() || turn());
    return counts;
  }
  // "POST /app/hook/deliveries/3/attempts" of what was asked but lists.
  Lines asked() const {
    Lines lines;
    for (const auto& request : github_->requests)
      if (request.method == "POST") lines.push_back(request.url.substr(19));
    return lines;
  }
  Lines waiting() const {
    return rows("select source from operation where state = 'verified' and kind = 'upload'");
  }

  std::string listed_ = "[]", etag_ = "\"0\"", hooks_ = "[]";
  int lists_ = 0;
  ScriptedTransport::Play play_ = [this](const auto& request) { return answer(request); };
  ScriptedTransport* github_ = nullptr;
  std::unique_ptr<github::Access> access_;
};

TEST_F(LostDelivery, IsFetchedWhenAPushWasLost) {
  write("b.md", "# B\n");
  const auto commit = push();
  list({{.id = 5}});
  auto counts = look();
  EXPECT_EQ(counts["lost"], 1);
  EXPECT_EQ(value("select count(*) from operation where source = 'reconcile'"), "1");
  EXPECT_EQ(waiting(), Lines{"reconcile"});
  EXPECT_EQ(asked(), Lines{});
  EXPECT_EQ(ending(run(base::UploadId::trusted(
                value("select id from operation where state = 'verified' and kind = 'upload'")))),
            "completed");
  EXPECT_EQ(value("select head_commit from blog"), commit);
}

TEST_F(LostDelivery, IsNotAssumedWhenTheDeliveryIsStored) {
  execute("insert into delivery (guid, event, verdict) values ('" + guid(5) +
          "', 'push', 'ignored')");
  write("b.md", "# B\n");
  push();
  list({{.id = 5, .status_code = 504}});
  EXPECT_EQ(look()["lost"], 0);
  EXPECT_EQ(waiting(), Lines{});
  publish();
}

TEST_F(LostDelivery, IsFoundThoughGithubSawASuccess) {
  list({{.id = 5, .status_code = 202}});
  EXPECT_EQ(look()["lost"], 1);
  // The blog was up to date all the same.
  EXPECT_EQ(waiting(), Lines{});
}

TEST_F(LostDelivery, IsRequestedAgainAFewTimesForOtherEvents) {
  list({{.id = 5, .event = "repository"}, {.id = 4, .event = "issues"}});
  EXPECT_EQ(look()["lost"], 1);
  EXPECT_EQ(asked(), Lines{"/app/hook/deliveries/5/attempts"});
  // It failed again, and again: each try is a delivery of its own with the same GUID.
  for (int id = 6; id < 10; ++id) {
    list({{.id = id, .event = "repository", .guid_text = guid(5)}});
    static_cast<void>(look());
  }
  EXPECT_EQ(asked(), (Lines{"/app/hook/deliveries/5/attempts", "/app/hook/deliveries/6/attempts",
                            "/app/hook/deliveries/7/attempts"}));
}

TEST_F(LostDelivery, IsCheckedOnce) {
  list({{.id = 5}, {.id = 4}, {.id = 3, .guid_text = guid(5)}});
  EXPECT_EQ(look()["lost"], 2);
  EXPECT_EQ(value("select seen_id from hook"), "5");
  EXPECT_EQ(look()["lost"], 0);
  EXPECT_EQ(ScriptedTransport::header(github_->requests.back(), "if-none-match"), etag_);
  list({{.id = 6}, {.id = 5}, {.id = 4}});
  EXPECT_EQ(look()["lost"], 1);
}

TEST_F(LostDelivery, IsRecoveredInBatchesWhenThereAreMany) {
  std::vector<Entry> entries;
  for (int id = 250; id > 100; --id)
    entries.push_back({.id = id, .guid_text = guid(0).substr(0, 33) + std::to_string(id)});
  list(entries);
  EXPECT_EQ(look()["lost"], 100);
  EXPECT_EQ(value("select seen_id from hook"), "200");
  EXPECT_EQ(value("select look_at <= clock_timestamp() from hook"), "t");
  EXPECT_EQ(look()["lost"], 50);
  EXPECT_EQ(value("select count(*) from missed_delivery where asked = 1"), "150");
}

TEST_F(LostDelivery, IsNotAssumedWhileADeliveryIsOnItsWay) {
  list({{.id = 6, .age = std::chrono::seconds(1)}, {.id = 5}});
  EXPECT_EQ(look()["lost"], 1);
  EXPECT_EQ(value("select seen_id from hook"), "5");
  list({{.id = 6, .age = std::chrono::seconds(60)}, {.id = 5}});
  EXPECT_EQ(look()["lost"], 1);
}

// By the clock of an Enterprise server that is wrong, it would be on its way for years.
TEST_F(LostDelivery, IsFoundThoughItsTimeLiesFarAhead) {
  list({{.id = 6, .age = -std::chrono::hours(24 * 365)}});
  EXPECT_EQ(look()["lost"], 1);
}

TEST_F(LostDelivery, IsIgnoredWhenGithubHasForgottenIt) {
  list({{.id = 6, .age = std::chrono::hours(73)}});
  EXPECT_EQ(look()["lost"], 0);
}

TEST_F(LostDelivery, DelaysTheNextCheckAtARateLimit) {
  play_ = [](const auto&) { return http::Response{429, {{"Retry-After", "200"}}, ""}; };
  EXPECT_EQ(look()["lost"], 0);
  EXPECT_EQ(value("select extract(epoch from look_at - now()) between 190 and 201 from hook"), "t");
  static_cast<void>(look());
  EXPECT_EQ(github_->requests.size(), 1U);
  EXPECT_EQ(value("select failures from hook"), "0");
}

TEST_F(LostDelivery, RecordsFailuresAndChecksLessOften) {
  for (const auto& response :
       {http::Response{502, {}, "<html>"}, http::Response{200, {}, "garbage"},
        http::Response{401, {}, "{}"}, http::Response{404, {}, "{}"}}) {
    play_ = [&](const auto&) { return response; };
    EXPECT_EQ(look()["lost"], 0);
  }
  EXPECT_EQ(value("select failures from hook"), "4");
  EXPECT_EQ(value("select look_at > now() + interval '59 minutes' from hook"), "t");
  EXPECT_NE(value("select error from hook").find("status 404"), std::string::npos);
}

TEST_F(LostDelivery, ChecksTheHookOfEachRepositoryWithAToken) {
  config_.github.app_id.clear();
  config_.github.token_file = private_file("token", "ghp_planted\n");
  config_.github.token_for = {"alice"};
  hooks_ = R"([{"id":3,"config":{"url":"https://devy.example/v1/webhooks"}}])";
  write("b.md", "# B\n");
  push();
  list({{.id = 5}});
  EXPECT_EQ(look()["lost"], 1);
  EXPECT_EQ(github_->requests.at(0).url.substr(19), "/repos/alice/blog/hooks?per_page=100");
  EXPECT_EQ(github_->requests.at(1).url.substr(19),
            "/repos/alice/blog/hooks/3/deliveries?per_page=100");
  EXPECT_EQ(value("select hook_id from hook"), "3");
  list({{.id = 6, .event = "repository"}});
  static_cast<void>(look());
  EXPECT_EQ(asked(), Lines{"/repos/alice/blog/hooks/3/deliveries/6/attempts"});
  publish();
}

TEST_F(LostDelivery, ChecksNothingWithoutAHookOfOurs) {
  config_.github.app_id.clear();
  config_.github.token_file = private_file("token", "ghp_planted\n");
  config_.github.token_for = {"alice"};
  EXPECT_EQ(look()["lost"], 0);
  EXPECT_NE(value("select error from hook").find("no hook of 'alice/blog'"), std::string::npos);
}

}  // namespace lost_deliveries_test
}  // namespace devy::publishing
