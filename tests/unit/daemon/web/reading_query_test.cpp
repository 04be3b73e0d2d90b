#include "daemon/web/reading_query.hpp"

#include <gtest/gtest.h>

namespace devy::daemon {
namespace reading_query_test {

publishing::PostFilter filter(std::string_view query) {
  return std::get<publishing::PostFilter>(read_post_filter(query));
}

std::string refusal(std::string_view query) {
  const auto read = read_post_filter(query);
  const auto* response = std::get_if<http::Response>(&read);
  if (response == nullptr) return "";
  EXPECT_EQ(response->status, 400);
  return response->body;
}

TEST(ReadingQuery, ReadsFilters) {
  const auto read = filter("tag=C%2B%2B&author=Ann+B%C3%A9&lang=de&limit=100&before=-5.61");
  EXPECT_EQ(read.tag, "C++");
  EXPECT_EQ(read.author, "Ann Bé");
  EXPECT_EQ(read.lang, "de");
  EXPECT_EQ(read.limit, 100);
  EXPECT_EQ(read.before->slug, "a");
  EXPECT_EQ(read.before->published_at.time_since_epoch().count(), -5);
}

TEST(ReadingQuery, WantsNone) {
  const auto read = filter("");
  EXPECT_FALSE(read.tag || read.author || read.lang || read.before);
  EXPECT_EQ(read.limit, publishing::list_posts_default);
  EXPECT_EQ(filter("&&limit=1&").limit, 1);
}

TEST(ReadingQuery, SaysWhatIsWrong) {
  for (const char* limit : {"0", "101", "-1", "1x", "", "99999999999999999999", "0x10", "1.0"})
    EXPECT_NE(refusal(std::string("limit=") + limit).find("from 1 to 100"), std::string::npos)
        << limit;
  EXPECT_NE(refusal("tga=x").find("no such filter: 'tga'"), std::string::npos);
  EXPECT_NE(refusal("tag=x&tag=y").find("comes twice"), std::string::npos);
  for (const char* text : {"%00", "%ff", "a%0Ab", "%c2%85"})
    EXPECT_NE(refusal(std::string("tag=") + text).find("not a line of text"), std::string::npos)
        << text;
  EXPECT_NE(refusal("tag=" + std::string(2'000, 'x')).find("1 KiB"), std::string::npos);
  EXPECT_NE(refusal("%22%3E%3Cscript%3E=1").find("no such filter"), std::string::npos);
}

TEST(ReadingQuery, RefusesWhatIsNoCursor) {
  for (const char* cursor :
       {"", ".", "5", "5.", ".61", "x.61", "5.6", "5.6g", "5.00", "5.ff", " 5.61", "5 .61",
        "99999999999999999999.61", "300000000000000000.61", "5.61.61"})
    EXPECT_NE(refusal(std::string("before=") + cursor).find("cursor"), std::string::npos) << cursor;
  EXPECT_NE(refusal("before=5." + std::string(1'000, '6')).find("cursor"), std::string::npos);
}

TEST(ReadingQuery, ReadsFormatAndToken) {
  const auto read = read_post_request("format=markdown&preview=abc");
  EXPECT_EQ(std::get<reading::PostRequest>(read).format, reading::Format::markdown);
  EXPECT_EQ(std::get<reading::PostRequest>(read).preview, "abc");
  EXPECT_EQ(std::get<reading::PostRequest>(read_post_request("format=json")).format,
            reading::Format::json);
  EXPECT_EQ(std::get<http::Response>(read_post_request("format=pdf")).status, 400);
  EXPECT_EQ(std::get<http::Response>(read_post_request("limit=1")).status, 400);
}

}  // namespace reading_query_test
}  // namespace devy::daemon
