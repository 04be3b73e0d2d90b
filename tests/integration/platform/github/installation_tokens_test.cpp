// Tokens for fetching, asked for by a child that holds the App's key: what it asks, what is kept,
// and what is said where there is none.
#include "core/platform/github/installation_tokens.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>

#include "core/platform/base/error.hpp"
#include "core/platform/base/time_text.hpp"
#include "tests/support/github/fake_github.hpp"
#include "tests/support/github/rsa_key.hpp"
#include "tests/support/hand_clock.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::github {
namespace installation_tokens_test {

class InstallationTokensTest : public ::testing::Test {
 protected:
  InstallationTokensTest() {
    config_.github.api_url = github_.url();
    config_.github.app_id = "77";
    config_.github.app_key_file = folder_ / "app.pem";
    config_.github.timeout = std::chrono::seconds(5);
    testing::write_text(config_.github.app_key_file, testing::rsa_key().private_pem);
    ::chmod(config_.github.app_key_file.c_str(), 0600);
  }

  testing::FakeAnswer answer(const testing::HttpRequest& request) {
    if (request.path.ends_with("/installation")) return {.body = R"({"id":5})"};
    const auto ends_at = base::format_rfc3339(clock_.now() + std::chrono::hours(1));
    return {.status = 201,
            .body = R"({"token":"ghs_planted)" + std::to_string(++given_) + R"(","expires_at":")" +
                    ends_at + "\"}"};
  }
  base::Error error_of(InstallationTokens& tokens, const std::stop_token& stop = {}) {
    try {
      static_cast<void>(tokens.renewed("alice/notes", 42, stop));
    } catch (const base::Error& error) {
      return error;
    }
    ADD_FAILURE() << "a token was given";
    return {base::ErrorKind::internal, ""};
  }
  void answer_all(const testing::FakeAnswer& given) {
    github_.play([given](const testing::HttpRequest&) { return given; });
  }

  testing::TempFolder folder_;
  testing::HandClock clock_{base::TimePoint(std::chrono::seconds(1'800'000'000))};
  std::atomic<int> given_ = 0;  // each connection has a thread of its own
  testing::FakeGithub github_{[this](const auto& request) { return answer(request); }};
  config::Config config_;
};

TEST_F(InstallationTokensTest, KeepsAReadOnlyTokenUntilShortlyBeforeItsEnd) {
  InstallationTokens tokens(config_, clock_);
  EXPECT_TRUE(tokens.known(42).empty());
  EXPECT_EQ(tokens.renewed("alice/notes", 42, {}).reveal(), "ghs_planted1");
  const auto requests = github_.requests();
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(requests[0].path, "/repos/alice/notes/installation");
  EXPECT_EQ(requests[1].path, "/app/installations/5/access_tokens");
  EXPECT_EQ(requests[1].body, R"({"repository_ids":[42],"permissions":{"contents":"read"}})");
  EXPECT_TRUE(requests[1].header("authorization").starts_with("Bearer ey"));
  // Her other repositories belong to the same installation, but it is not for them.
  EXPECT_TRUE(tokens.known(43).empty());
  clock_.pass(std::chrono::minutes(54));
  EXPECT_EQ(tokens.known(42).reveal(), "ghs_planted1");
  clock_.pass(std::chrono::minutes(2));
  EXPECT_TRUE(tokens.known(42).empty());
  EXPECT_EQ(tokens.renewed("alice/notes", 42, {}).reveal(), "ghs_planted2");
}

TEST_F(InstallationTokensTest, ReportsWhereTheAppIsNotInstalled) {
  InstallationTokens tokens(config_, clock_);
  for (const int status : {404, 403}) {
    answer_all({.status = status, .body = R"({"message":"no"})"});
    const auto error = error_of(tokens);
    EXPECT_EQ(error.code(), "app_not_installed") << status;
    EXPECT_NE(error.text().find("'alice/notes'"), std::string::npos) << error.text();
    EXPECT_TRUE(error.hint().starts_with("Install the App")) << error.hint();
  }
}

// The owner has the App, but not on this repository: whatever its address says, the id decides.
TEST_F(InstallationTokensTest, GetsNoTokenForARepositoryThatTheInstallationDoesNotHave) {
  github_.play([this](const testing::HttpRequest& request) -> testing::FakeAnswer {
    if (request.path.ends_with("/access_tokens"))
      return {.status = 422, .body = R"({"message":"not accessible to the parent installation"})"};
    return answer(request);
  });
  InstallationTokens tokens(config_, clock_);
  EXPECT_EQ(error_of(tokens).code(), "app_not_installed");
}

// None of it is the repository's fault.
TEST_F(InstallationTokensTest, DistinguishesGithubsFailuresFromOurs) {
  InstallationTokens tokens(config_, clock_);
  answer_all({.status = 502});
  EXPECT_EQ(error_of(tokens).code(), "github_unavailable");
  answer_all({.closes = true});
  EXPECT_EQ(error_of(tokens).kind(), base::ErrorKind::unavailable);
  answer_all({.status = 401, .body = "{}"});
  EXPECT_EQ(error_of(tokens).code(), "github_unauthorized");
  answer_all({.status = 429, .headers = {"Retry-After: 60"}});
  EXPECT_EQ(error_of(tokens).kind(), base::ErrorKind::busy);
  ::chmod(config_.github.app_key_file.c_str(), 0644);
  EXPECT_EQ(error_of(tokens).kind(), base::ErrorKind::config);
}

TEST_F(InstallationTokensTest, StopsWaitingWhenAskedToStop) {
  InstallationTokens tokens(config_, clock_);
  answer_all({.is_silent = true});
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(error_of(tokens, stop.get_token()).kind(), base::ErrorKind::stopped);
}

}  // namespace installation_tokens_test
}  // namespace devy::github
