// The client against exchanges that were recorded at GitHub, and a real server that misbehaves.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/platform/base/error.hpp"
#include "core/platform/github/client.hpp"
#include "core/platform/github/repositories.hpp"
#include "core/platform/github/statuses.hpp"
#include "core/platform/http/httplib_transport.hpp"
#include "tests/support/github/fake_github.hpp"
#include "tests/support/http/scripted_transport.hpp"
#include "tests/support/process/peer.hpp"

namespace devy::github {
namespace exchange_test {

using testing::ScriptedTransport;

struct Exchange {
  std::string scenario, method, path;
  http::Response response;
};

const std::vector<Exchange>& exchanges() {
  static const std::vector<Exchange> made = [] {
    std::vector<Exchange> result;
    for (const auto& line : testing::run_peer("github_exchanges.mjs")) {
      const auto entry = nlohmann::json::parse(line);
      Exchange exchange{entry["scenario"], entry["method"], entry["path"], {}};
      exchange.response.status = entry["status"];
      exchange.response.body = entry["body"];
      for (const auto& [name, value] : entry["headers"].items())
        exchange.response.headers.emplace_back(name, value.get<std::string>());
      result.push_back(std::move(exchange));
    }
    return result;
  }();
  return made;
}

// Answers as GitHub did, in the order of the recording.
class RecordedTransport final : public http::Transport {
 public:
  explicit RecordedTransport(const std::string& scenario) {
    for (const auto& exchange : exchanges())
      if (exchange.scenario == scenario) left_.push_back(exchange);
  }
  http::Response send(const http::Request& request, const http::OnBody&) override {
    for (auto next = left_.begin(); next != left_.end(); ++next)
      if (next->method == request.method && request.url == "https://api.github.com" + next->path) {
        const auto response = next->response;
        left_.erase(next);
        return response;
      }
    ADD_FAILURE() << "GitHub was never asked for " << request.method << " " << request.url;
    return {500, {}, ""};
  }

 private:
  std::vector<Exchange> left_;
};

TEST(RecordedExchange, GivesTheExpectedVerdictForEachRecording) {
  ASSERT_EQ(exchanges().size(), 71U);
  std::map<std::string, int> verdicts;
  for (const auto& exchange : exchanges()) {
    ScriptedTransport transport([&](const auto& request) {
      // A redirect to a page of its own ends there.
      return request.url == "https://api.github.com" + exchange.path ? exchange.response
                                                                     : http::Response{200, {}, ""};
    });
    Client client(transport, "https://api.github.com", base::system_clock());
    try {
      static_cast<void>(client.send({.method = exchange.method, .path = exchange.path}));
      ++verdicts["ok"];
    } catch (const base::Error& error) {
      ++verdicts[error.code()];
    }
  }
  // The redirect of an archive's download leads to another server, where no token goes.
  EXPECT_EQ(
      verdicts,
      (std::map<std::string, int>{
          {"ok", 67}, {"github_not_found", 1}, {"github_refused", 2}, {"github_redirect", 1}}));
}

TEST(RecordedExchange, GivesAllPagesOfAList) {
  RecordedTransport transport("paginate-issues");
  Client client(transport, "https://api.github.com", base::system_clock());
  std::size_t issues = 0, pages = 0;
  client.pages({.path = "/repos/octokit-fixture-org/paginate-issues/issues?per_page=3"},
               [&](const Answer& answer) {
                 issues += nlohmann::json::parse(answer.body).size();
                 ++pages;
                 return true;
               });
  EXPECT_EQ(pages, 5U);
  EXPECT_EQ(issues, 13U);
}

TEST(RecordedExchange, GivesTheNewNameOfARenamedRepository) {
  RecordedTransport transport("rename-repository");
  Client client(transport, "https://api.github.com", base::system_clock());
  const base::Secret token("t");
  const auto facts = ask_repository(client, &token, "octokit-fixture-org/rename-repository");
  EXPECT_EQ(facts.github_id, 1000);
  EXPECT_EQ(facts.owner, "octokit-fixture-org");
  EXPECT_EQ(facts.name, "rename-repository-newname");
}

TEST(RecordedExchange, SetsAStatus) {
  RecordedTransport transport("create-status");
  Client client(transport, "https://api.github.com", base::system_clock());
  EXPECT_FALSE(set_status(client, base::Secret("t"),
                          {"octokit-fixture-org/create-status",
                           "0000000000000000000000000000000000000001",
                           {StatusState::success, "published", ""}}));
}

class MisbehavingServer : public ::testing::Test {
 protected:
  // What the call throws, by its code; "none".
  std::string code_of(testing::FakeAnswer answer) {
    testing::FakeGithub github([&](const auto&) { return answer; });
    http::TransportOptions options;
    options.read_timeout = std::chrono::milliseconds(300);
    options.body_bytes_max = 1'000'000;
    const auto transport = http::make_httplib_transport(options);
    Client client(*transport, github.url(), base::system_clock());
    try {
      static_cast<void>(client.send({.path = "/repos/a/b"}));
    } catch (const base::Error& error) {
      return error.code();
    }
    return "none";
  }
};

TEST_F(MisbehavingServer, CausesADistinctErrorForEachFault) {
  EXPECT_EQ(code_of({.status = 200, .body = "{}"}), "none");
  EXPECT_EQ(code_of({.status = 304}), "none");
  EXPECT_EQ(code_of({.is_silent = true}), "timed_out");
  EXPECT_EQ(code_of({.closes = true}), "connection_broken");
  EXPECT_EQ(code_of({.status = 503}), "github_unavailable");
  EXPECT_EQ(code_of({.status = 403, .headers = {"Retry-After: 3"}}), "rate_limited");
  EXPECT_EQ(code_of({.status = 403, .headers = {"X-RateLimit-Remaining: 0"}}), "rate_limited");
  EXPECT_EQ(code_of({.status = 429}), "rate_limited");
  EXPECT_EQ(code_of({.status = 401}), "github_unauthorized");
  EXPECT_EQ(code_of({.status = 200, .body = std::string(2'000'000, ' ')}), "response_too_large");
}

TEST(ServerOnLoopback, RedirectsToNoOtherServer) {
  testing::FakeGithub other([](const auto&) { return testing::FakeAnswer{.body = "{}"}; });
  testing::FakeGithub github([&](const auto&) {
    return testing::FakeAnswer{.status = 301, .headers = {"Location: " + other.url() + "/x"}};
  });
  const auto transport = http::make_httplib_transport({});
  Client client(*transport, github.url(), base::system_clock());
  EXPECT_THROW(static_cast<void>(client.send({.path = "/repos/a/b"})), base::Error);
  EXPECT_TRUE(other.requests().empty());
}

}  // namespace exchange_test
}  // namespace devy::github
