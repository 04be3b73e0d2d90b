#include "core/platform/http/server/response.hpp"

#include <gtest/gtest.h>

#include "core/platform/base/error.hpp"

namespace devy::server {
namespace response_test {

bool is_known_by(const std::string& header, std::string_view tag) {
  ReceivedRequest request;
  request.headers.emplace_back("If-None-Match", header);
  return is_known(request, tag);
}

TEST(ResponseTest, RedirectsToPathsAndUrls) {
  for (const auto* target : {"/", "/operations?state=failed#x", "https://github.com/a?b=%0A",
                             "http://127.0.0.1:8000/"}) {
    const auto response = redirect_response(303, target);
    EXPECT_EQ(response.status, 303);
    EXPECT_EQ(response.header("Location"), target);
  }
}

TEST(ResponseTest, RedirectsNowhereElse) {
  for (const auto* target : {"", "a", "//evil.example", "javascript:alert(1)", "/a b", "/a\r\nX: y",
                             "/\\evil.example", "/\"", "/\xc3\xa4", "/\t", "/a\x7f"})
    EXPECT_THROW((void)redirect_response(303, target), base::Error) << target;
  EXPECT_THROW((void)redirect_response(200, "/"), base::Error);
}

TEST(ResponseTest, BuildsPagesAndEmptyAnswers) {
  const auto page = html_response(404, "<p>");
  EXPECT_EQ(page.status, 404);
  EXPECT_EQ(page.header("Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(page.body, "<p>");
  EXPECT_EQ(empty_response().status, 204);
}

TEST(ResponseTest, SetsAHeaderInPlaceOfAnother) {
  auto page = html_response(200, "");
  set_header(page, "content-type", "text/plain");
  EXPECT_EQ(page.headers.size(), 1U);
  EXPECT_EQ(page.header("Content-Type"), "text/plain");
  EXPECT_THROW(set_header(page, "X", "a\nb"), base::Error);
  EXPECT_THROW(set_header(page, "X: y", "a"), base::Error);
  EXPECT_THROW(set_header(page, "", "a"), base::Error);
}

TEST(ResponseTest, KnowsWhichTagsAClientHolds) {
  EXPECT_TRUE(is_known_by("\"a\"", strong_tag("a")));
  EXPECT_TRUE(is_known_by("W/\"a\"", strong_tag("a")));
  EXPECT_TRUE(is_known_by("\"b\" , W/\"a\"", weak_tag("a")));
  EXPECT_TRUE(is_known_by("*", strong_tag("a")));
  for (const auto* other : {"", "\"b\"", "a", "\"a", "\"A\"", "x, \"a\"", "W/a"})
    EXPECT_FALSE(is_known_by(other, strong_tag("a"))) << other;
  EXPECT_FALSE(is_known(ReceivedRequest{}, strong_tag("a")));
}

TEST(ResponseTest, AnswersAClientThatHoldsIt) {
  const auto response = not_modified_response(weak_tag("a1"), "max-age=30");
  EXPECT_EQ(response.status, 304);
  EXPECT_EQ(response.header("ETag"), "W/\"a1\"");
  EXPECT_EQ(response.header("Cache-Control"), "max-age=30");
  EXPECT_THROW((void)strong_tag("a\"b"), base::Error);
}

}  // namespace response_test
}  // namespace devy::server
