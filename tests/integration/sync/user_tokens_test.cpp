// Users' tokens of GitHub: sealed while they are kept, renewed before they end, erased when they
// are worth nothing.
#include "core/sync/tokens/user_tokens.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "core/platform/token/sealing.hpp"
#include "tests/support/hand_clock.hpp"
#include "tests/support/postgres/postgres.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::tokens {
namespace user_tokens_test {

// GitHub's pages: they give what the test wants.
class Pages final : public http::Transport {
 public:
  using http::Transport::send;
  http::Response send(const http::Request& request, const http::OnBody&) override {
    requests.push_back(request.body);
    return answer;
  }
  http::Response answer;
  std::vector<std::string> requests;
};

class UserTokens : public ::testing::Test {
 protected:
  UserTokens() {
    token::make_key_file(folder_ / "tokens.key", base::system_random());
    testing::write_text(folder_ / "client", "a-client-secret\n");
    ::chmod((folder_ / "client").c_str(), 0600);
    config_.sync.enabled = true;
    config_.sync.token_key_file = folder_ / "tokens.key";
    config_.web.client_id = "Iv1.client";
    config_.web.client_secret_file = folder_ / "client";
    database_.execute("insert into devy.account (username) values ('alice')");
    account_ = database_.scalar("select id from devy.account");
  }
  void keep(const std::string& token, std::chrono::seconds ends_in) {
    UserToken kept;
    kept.login = "alice";
    kept.token = base::Secret(token);
    kept.refresh = base::Secret("ghr_renewal");
    kept.ends_at = clock_.now() + ends_in;
    kept.refresh_ends_at = clock_.now() + std::chrono::hours(24 * 180);
    keep_token(connection_, config_, account_, kept);
  }
  std::string usable() {
    const auto token = usable_token(connection_, config_, clock_, pages_, account_);
    return token ? std::string(token->token.reveal()) : "none";
  }

  testing::TempFolder folder_;
  testing::TestDatabase database_;
  pg::Connection connection_ = pg::Connection::open(database_.conninfo(), {}, "test");
  testing::HandClock clock_;
  config::Config config_;
  Pages pages_;
  std::string account_;
};

TEST_F(UserTokens, SealsThemInTheirRow) {
  keep("ghu_secret", std::chrono::hours(8));
  EXPECT_EQ(usable(), "ghu_secret");
  EXPECT_TRUE(pages_.requests.empty());
  EXPECT_EQ(database_.scalar("select position('ghu_secret'::bytea in token) from devy.user_token"),
            "0");
}

TEST_F(UserTokens, RenewsThemBeforeTheyEnd) {
  keep("ghu_old", std::chrono::seconds(60));
  pages_.answer.body =
      R"({"access_token": "ghu_new", "token_type": "bearer", "expires_in": 28800,
          "refresh_token": "ghr_next", "refresh_token_expires_in": 15897600, "scope": ""})";
  EXPECT_EQ(usable(), "ghu_new");
  ASSERT_EQ(pages_.requests.size(), 1U);
  EXPECT_NE(pages_.requests[0].find("refresh_token=ghr_renewal"), std::string::npos);
  EXPECT_EQ(usable(), "ghu_new");
  EXPECT_EQ(pages_.requests.size(), 1U);
}

TEST_F(UserTokens, ErasesThemWhenGithubRenewsThemNoMore) {
  keep("ghu_old", std::chrono::seconds(60));
  pages_.answer.body = R"({"error": "bad_refresh_token"})";
  EXPECT_EQ(usable(), "none");
  EXPECT_EQ(database_.scalar("select count(*) from devy.user_token"), "0");
}

TEST_F(UserTokens, KeepsThemWhenGithubCannotBeAsked) {
  keep("ghu_old", std::chrono::seconds(60));
  pages_.answer.status = 503;
  EXPECT_EQ(usable(), "none");
  EXPECT_EQ(database_.scalar("select count(*) from devy.user_token"), "1");
}

TEST_F(UserTokens, UsesNoneWhereTheAppWritesForAll) {
  keep("ghu_secret", std::chrono::hours(8));
  config_.sync.act_as = "app";
  EXPECT_EQ(usable(), "none");
}

TEST_F(UserTokens, KeepsNoneWithoutAKey) {
  config_.sync.token_key_file.clear();
  keep("ghu_secret", std::chrono::hours(8));
  EXPECT_EQ(database_.scalar("select count(*) from devy.user_token"), "0");
}

}  // namespace user_tokens_test
}  // namespace devy::tokens
