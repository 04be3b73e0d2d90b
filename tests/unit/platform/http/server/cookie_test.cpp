#include "core/platform/http/server/cookie.hpp"

#include <gtest/gtest.h>

#include "core/platform/base/error.hpp"

namespace devy::server {
namespace cookie_test {

ReceivedRequest request_with(const std::string& cookies) {
  ReceivedRequest request;
  request.headers.emplace_back("cookie", cookies);
  return request;
}

std::string value_in(const std::string& cookies) {
  return std::string(cookie_value(request_with(cookies), "__Host-devy").value_or("-"));
}

TEST(CookieTest, ReadsTheOneOfThatName) {
  EXPECT_EQ(value_in("__Host-devy=abc"), "abc");
  EXPECT_EQ(value_in("a=1; __Host-devy=x=y;b=2"), "x=y");
  EXPECT_EQ(value_in("x__Host-devy=1; __host-devy=2"), "-");
  EXPECT_EQ(cookie_value(ReceivedRequest{}, "__Host-devy"), std::nullopt);
}

TEST(CookieTest, BelievesNeitherOfTwo) {
  EXPECT_EQ(value_in("__Host-devy=1; __Host-devy=1"), "-");
  auto request = request_with("__Host-devy=1");
  request.headers.emplace_back("Cookie", "a=1");
  EXPECT_EQ(cookie_value(request, "__Host-devy"), std::nullopt);
}

TEST(CookieTest, RefusesWhatNoCookieHas) {
  EXPECT_EQ(value_in("__Host-devy=\"a\""), "-");
  EXPECT_EQ(value_in("__Host-devy=a\\b"), "-");
  EXPECT_EQ(value_in("__Host-devy=" + std::string(cookie_value_bytes_max, 'a')),
            std::string(cookie_value_bytes_max, 'a'));
  EXPECT_EQ(value_in("__Host-devy=" + std::string(cookie_value_bytes_max + 1, 'a')), "-");
  std::string many;
  for (std::size_t i = 0; i < cookies_max; ++i)
    many += "a=1; ";
  EXPECT_EQ(value_in(many + "__Host-devy=abc"), "-");
  EXPECT_EQ(value_in(many.substr(5) + "__Host-devy=abc"), "abc");
}

TEST(CookieTest, SetsOneForThisHostAlone) {
  http::Response response;
  set_cookie(response, {.name = "__Host-devy", .value = "abc"});
  set_cookie(response, {.name = "b", .value = "1", .max_age = std::chrono::minutes(10)});
  expire_cookie(response, "c");
  ASSERT_EQ(response.headers.size(), 3U);
  EXPECT_EQ(response.headers[0].second, "__Host-devy=abc; Path=/; Secure; HttpOnly; SameSite=Lax");
  EXPECT_EQ(response.headers[1].second, "b=1; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600");
  EXPECT_EQ(response.headers[2].second, "c=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0");
}

TEST(CookieTest, SetsNoneThatWouldSayMore) {
  http::Response response;
  for (const auto* bad : {"a\r\nX: y", "a;b", "a b", "a,b", "\"a\"", "a\x7f", "\xc3\xa4"}) {
    EXPECT_THROW(set_cookie(response, {.name = "a", .value = bad}), base::Error) << bad;
    EXPECT_THROW(set_cookie(response, {.name = bad, .value = "a"}), base::Error) << bad;
  }
  EXPECT_TRUE(response.headers.empty());
}

}  // namespace cookie_test
}  // namespace devy::server
