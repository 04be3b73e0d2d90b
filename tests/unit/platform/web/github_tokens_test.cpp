#include "core/platform/web/github_tokens.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "core/platform/base/error.hpp"
#include "tests/support/hand_clock.hpp"
#include "tests/support/http/scripted_transport.hpp"

namespace devy::web {
namespace github_tokens_test {

class GithubTokensTest : public ::testing::Test {
 protected:
  // Hands each question to the one script.
  class Forward final : public http::Transport {
   public:
    explicit Forward(http::Transport& to) : to_(to) {}
    http::Response send(const http::Request& request, const http::OnBody& on_body) override {
      return to_.send(request, on_body);
    }

   private:
    http::Transport& to_;
  };

  [[nodiscard]] std::string owner_of(const char* token) {
    const auto told = tokens_.owner(base::Secret(token));
    if (const auto* reason = std::get_if<NotTold>(&told))
      return "not told " + std::to_string(static_cast<int>(*reason));
    const auto& owner = std::get<TokenOwner>(told);
    return owner.login + " " + std::to_string(owner.id);
  }
  [[nodiscard]] std::string opened(const char* token, const char* repository = "alice/notes") {
    const auto told = tokens_.repository(base::Secret(token), repository);
    if (const auto* reason = std::get_if<NotTold>(&told))
      return "not told " + std::to_string(static_cast<int>(*reason));
    const auto& found = std::get<OpenedRepository>(told);
    return std::to_string(found.id) + (found.is_public ? " public" : "") +
           (found.can_pull ? " pull" : "") + (found.can_admin ? " admin" : "");
  }

  http::Response answer_{200, {}, R"({"id":7,"login":"alice"})"};
  bool is_away_ = false;
  testing::ScriptedTransport transport_{[this](const http::Request&) {
    if (is_away_) throw base::Error(base::ErrorKind::unavailable, "away", "", "connect_failed");
    return answer_;
  }};
  testing::HandClock clock_;
  GithubTokens tokens_{"https://api.github.com",
                       [this] { return std::make_unique<Forward>(transport_); }, clock_};
};

TEST_F(GithubTokensTest, AsksWhoseATokenIsOnceInFiveMinutes) {
  EXPECT_FALSE(tokens_.known_owner(base::Secret("ghp_1")));
  EXPECT_EQ(owner_of("ghp_1"), "alice 7");
  EXPECT_EQ(owner_of("ghp_1"), "alice 7");
  EXPECT_TRUE(tokens_.known_owner(base::Secret("ghp_1")));
  ASSERT_EQ(transport_.requests.size(), 1U);
  EXPECT_EQ(transport_.requests[0].url, "https://api.github.com/user");
  EXPECT_EQ(testing::ScriptedTransport::header(transport_.requests[0], "authorization"),
            "Bearer ghp_1");
  EXPECT_EQ(owner_of("ghp_2"), "alice 7");
  EXPECT_EQ(transport_.requests.size(), 2U) << "another token is another question";
  clock_.pass(std::chrono::minutes(5));
  EXPECT_FALSE(tokens_.known_owner(base::Secret("ghp_1")));
  EXPECT_EQ(owner_of("ghp_1"), "alice 7");
  EXPECT_EQ(transport_.requests.size(), 3U);
}

TEST_F(GithubTokensTest, RemembersARefusalAndNoOutage) {
  answer_ = {401, {}, R"({"message":"Bad credentials"})"};
  EXPECT_EQ(owner_of("ghp_1"), "not told 0");
  EXPECT_EQ(owner_of("ghp_1"), "not told 0");
  EXPECT_EQ(transport_.requests.size(), 1U);
  clock_.pass(std::chrono::seconds(30));
  EXPECT_EQ(owner_of("ghp_1"), "not told 0");
  EXPECT_EQ(transport_.requests.size(), 2U) << "whoever mends his token need not wait";
  is_away_ = true;
  EXPECT_EQ(owner_of("ghp_2"), "not told 2");
  is_away_ = false;
  answer_ = {200, {}, "<html>"};
  EXPECT_EQ(owner_of("ghp_2"), "not told 2");
  answer_ = {429, {{"Retry-After", "30"}}, "{}"};
  EXPECT_EQ(owner_of("ghp_2"), "not told 1");
  answer_ = {200, {}, R"({"id":8,"login":"bob"})"};
  EXPECT_EQ(owner_of("ghp_2"), "bob 8");
}

TEST_F(GithubTokensTest, BelievesTokensOfItsOwnApplication) {
  GithubTokens tokens(
      "https://api.github.com", [this] { return std::make_unique<Forward>(transport_); }, clock_,
      OwnApp{"Iv1.app", base::Secret("hush")});
  answer_ = {200, {}, R"({"id":1,"user":{"id":9,"login":"carol"}})"};
  const auto told = tokens.owner(base::Secret("gho_1"));
  ASSERT_TRUE(std::holds_alternative<TokenOwner>(told));
  EXPECT_EQ(std::get<TokenOwner>(told).login, "carol");
  const auto& request = transport_.requests.at(0);
  EXPECT_EQ(request.method + " " + request.url,
            "POST https://api.github.com/applications/Iv1.app/token");
  EXPECT_EQ(testing::ScriptedTransport::header(request, "authorization"), "Basic SXYxLmFwcDpodXNo");
  EXPECT_EQ(request.body, R"({"access_token":"gho_1"})");
  answer_ = {404, {}, "{}"};
  EXPECT_EQ(std::get<NotTold>(tokens.owner(base::Secret("gho_2"))), NotTold::refused);
  answer_ = {500, {}, "{}"};
  EXPECT_EQ(std::get<NotTold>(tokens.owner(base::Secret("gho_3"))), NotTold::unreachable);
  // A personal one needs no application.
  answer_ = {200, {}, R"({"id":7,"login":"alice"})"};
  EXPECT_EQ(std::get<TokenOwner>(tokens.owner(base::Secret("ghp_1"))).login, "alice");
}

TEST_F(GithubTokensTest, SaysWhichRepositoryATokenOpens) {
  answer_ = {200, {}, R"({"id":42,"private":true,"permissions":{"admin":true,"pull":true}})"};
  EXPECT_EQ(opened("ghp_1"), "42 pull admin");
  EXPECT_EQ(transport_.requests.back().url, "https://api.github.com/repos/alice/notes");
  EXPECT_EQ(opened("ghp_1", "Alice/Notes"), "42 pull admin");
  EXPECT_EQ(transport_.requests.size(), 1U);
  answer_ = {404, {}, "{}"};
  EXPECT_EQ(opened("ghp_2"), "not told 0") << "it is another's token";
  EXPECT_EQ(opened("ghp_1", "alice/other"), "not told 0");
}

TEST_F(GithubTokensTest, AsksWithoutATokenWhatEverybodySees) {
  answer_ = {200, {}, R"({"id":42,"private":false,"visibility":"public"})"};
  EXPECT_EQ(opened(""), "42 public");
  EXPECT_EQ(testing::ScriptedTransport::header(transport_.requests[0], "authorization"), "");
  answer_ = {200, {}, R"({"id":43,"private":false,"visibility":"internal"})"};
  EXPECT_EQ(opened("", "alice/internal"), "43");
}

TEST(GithubTokenTest, TellsAGithubTokenFromOneOfTheSite) {
  for (const char* text : {"ghp_abc123", "github_pat_11AB_xyz", "0123456789abcdef"})
    EXPECT_TRUE(is_github_token(text)) << text;
  for (const char* text : {"", "eyJ.eyJ.sig", "ghp_abc def", "ghp-1"})
    EXPECT_FALSE(is_github_token(text)) << text;
  EXPECT_FALSE(is_github_token(std::string(256, 'a')));
}

}  // namespace github_tokens_test
}  // namespace devy::web
