#include "core/platform/http/http_date.hpp"

#include <gtest/gtest.h>

#include "core/platform/base/time_text.hpp"

namespace devy::http {
namespace http_date_test {

TEST(HttpDate, ReadsTheFormThatServersMustSend) {
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"),
            base::parse_rfc3339("1994-11-06T08:49:37Z"));
  EXPECT_EQ(parse_http_date("Thu, 29 Feb 2024 23:59:59 GMT"),
            base::parse_rfc3339("2024-02-29T23:59:59Z"));
}

TEST(HttpDate, FindsNoneInAnythingElse) {
  for (const auto* text : {"", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
                           "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 06 Nov 1994 24:49:37 GMT",
                           "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nev 1994 08:49:37 GMT",
                           "Sun, -6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT "})
    EXPECT_FALSE(parse_http_date(text)) << text;
}

}  // namespace http_date_test
}  // namespace devy::http
