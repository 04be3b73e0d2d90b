// The pure parts of a login: tokens, protection against requests of other sites, and paths.
#include <gtest/gtest.h>

#include "core/platform/base/base64.hpp"
#include "core/platform/web/login/csrf.hpp"
#include "core/platform/web/login/safe_next.hpp"
#include "core/platform/web/login/session_token.hpp"

namespace devy::login {
namespace login_test {

// Counts up, so that each word differs from the one before.
class CountingRandom final : public base::Random {
 public:
  std::uint64_t next() override { return ++count_; }

 private:
  std::uint64_t count_ = 0;
};

class LoginTokenTest : public ::testing::Test {
 protected:
  CountingRandom random_;
};

TEST_F(LoginTokenTest, Has256Bits) {
  const auto token = new_token(random_);
  EXPECT_EQ(token.reveal().size(), token_letters);
  EXPECT_EQ(base::decode_base64url(token.reveal()).value().size(), 32U);
  EXPECT_NE(token.reveal(), new_token(random_).reveal());
}

TEST_F(LoginTokenTest, IsKnownByItsDigest) {
  const auto token = new_token(random_);
  EXPECT_EQ(token_hash(token.reveal()), base::sha256(token.reveal()));
  const std::string text(token.reveal());
  for (const auto& other :
       {std::string(), text.substr(1), text + "A", text.substr(1) + " ", text.substr(1) + "="})
    EXPECT_EQ(token_hash(other), std::nullopt) << other;
}

TEST_F(LoginTokenTest, ProtectsAFormOfItsOwnSession) {
  const auto token = new_token(random_), other = new_token(random_);
  const auto first = new_csrf_token(token.reveal(), random_);
  const auto second = new_csrf_token(token.reveal(), random_);
  EXPECT_NE(first, second);  // masked anew
  EXPECT_TRUE(is_csrf_token(token.reveal(), first));
  EXPECT_TRUE(is_csrf_token(token.reveal(), second));
  EXPECT_FALSE(is_csrf_token(other.reveal(), first));
  EXPECT_FALSE(is_csrf_token("", new_csrf_token("", random_)));
}

TEST_F(LoginTokenTest, RefusesAFormWithoutARightToken) {
  const auto token = new_token(random_);
  const auto right = new_csrf_token(token.reveal(), random_);
  auto changed = right;
  changed[50] = changed[50] == 'A' ? 'B' : 'A';
  for (const auto& wrong : {std::string(), changed, right.substr(1), right + "A", right + right,
                            std::string(86, 'A'), std::string(token.reveal())})
    EXPECT_FALSE(is_csrf_token(token.reveal(), wrong)) << wrong;
}

TEST(OwnPageTest, BelievesWhatTheBrowserSaysOfItsSite) {
  const std::vector<std::string> own{"https://console.example", "http://127.0.0.1:8000"};
  const auto is_own = [&](const http::Headers& headers) { return is_from_own_page(headers, own); };
  EXPECT_TRUE(is_own({{"sec-fetch-site", "same-origin"}}));
  EXPECT_TRUE(is_own({{"Origin", "http://127.0.0.1:8000"}}));
  for (const auto* other : {"cross-site", "same-site", "none", "Same-Origin"})
    EXPECT_FALSE(is_own({{"Sec-Fetch-Site", other}, {"Origin", own[0]}})) << other;
  for (const auto* other : {"null", "https://evil.example", "https://console.example.evil.example",
                            "https://console.example:444", "http://console.example"})
    EXPECT_FALSE(is_own({{"Origin", other}})) << other;
  EXPECT_FALSE(is_own({}));
  EXPECT_FALSE(is_own({{"Sec-Fetch-Site", "same-origin"}, {"Sec-Fetch-Site", "cross-site"}}));
  EXPECT_FALSE(is_own({{"Origin", own[0]}, {"Origin", own[0]}}));
}

TEST(SafeNextTest, KeepsPathsOfThisSite) {
  for (const auto* path :
       {"/", "/operations?state=failed&kind=x#log", "/blogs/alice/notes", "/loginfo", "/a//b"})
    EXPECT_EQ(safe_next(path), path);
  const auto longest = "/" + std::string(next_bytes_max - 1, 'a');
  EXPECT_EQ(safe_next(longest), longest);
}

TEST(SafeNextTest, LeadsNowhereElse) {
  for (const std::string path :
       {"", "//evil.example", "/\\evil.example", "/a\\b", "https://evil.example", "evil", "?a",
        "javascript:alert(1)", "/a b", "/a\tb", "/a\r\nX: y", "/\x7f", "/\xc3\xa4", "/\"", "/<",
        "/login", "/login/github?next=/", "/login?next=/", "/logout"})
    EXPECT_EQ(safe_next(path), "/") << path;
  EXPECT_EQ(safe_next("/" + std::string(next_bytes_max, 'a')), "/");
}

}  // namespace login_test
}  // namespace devy::login
