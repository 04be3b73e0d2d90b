#include "core/files/s3/answer.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace devy::s3 {
namespace {

std::vector<std::string> elements_of(std::string_view xml, bool is_good = true) {
  std::vector<std::string> found;
  EXPECT_EQ(read_answer(xml,
                        [&](std::string_view path, const std::string& text) {
                          found.push_back(std::string(path) + "=" + text);
                        }),
            is_good)
      << xml;
  return found;
}

TEST(S3Answer, ReadsElementsWithTheirPaths) {
  EXPECT_EQ(elements_of(" \n<?xml version=\"1.0\"?><a:L xmlns:a=\"x\"><K>a&amp;b</K><K/></a:L>"),
            (std::vector<std::string>{"L/K=a&b", "L/K=", "L="}));
}

TEST(S3Answer, RefusesWhatIsNoAnswer) {
  for (const char* xml : {"", "hello", "<a>", "<a></b>", "<a/><b/>", "<a>&undefined;</a>",
                          "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>",
                          "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>"})
    elements_of(xml, false);
  std::string deep, large = "<a>" + std::string(65UL * 1024, 'x') + "</a>";
  for (int depth = 0; depth < 17; ++depth)
    deep = "<a>" + deep + "</a>";
  elements_of(deep, false);
  elements_of(large, false);
}

TEST(S3Answer, NamesTheFault) {
  EXPECT_EQ(
      fault_in("<?xml version='1.0'?><Error><Code>SlowDown</Code><Message>m</Message></Error>")
          .code,
      "SlowDown");
  EXPECT_EQ(fault_in("<Ok><Code>SlowDown</Code></Ok>").code, "");
  EXPECT_EQ(fault_in("<html>bad gateway").code, "");
}

TEST(S3Answer, SaysWhatToDo) {
  EXPECT_EQ(weather_of(200, ""), Weather::good);
  EXPECT_EQ(weather_of(204, ""), Weather::good);
  EXPECT_EQ(weather_of(200, "InternalError"), Weather::passing);
  EXPECT_EQ(weather_of(503, ""), Weather::passing);
  EXPECT_EQ(weather_of(503, "SlowDown"), Weather::passing);
  EXPECT_EQ(weather_of(429, ""), Weather::passing);
  EXPECT_EQ(weather_of(400, "RequestTimeout"), Weather::passing);
  EXPECT_EQ(weather_of(400, "ExpiredToken"), Weather::expired);
  EXPECT_EQ(weather_of(404, "NoSuchKey"), Weather::absent);
  EXPECT_EQ(weather_of(404, ""), Weather::absent);
  EXPECT_EQ(weather_of(404, "NoSuchBucket"), Weather::refused);
  EXPECT_EQ(weather_of(403, "RequestTimeTooSkewed"), Weather::refused);
  EXPECT_EQ(weather_of(403, ""), Weather::refused);
  EXPECT_EQ(weather_of(301, "PermanentRedirect"), Weather::refused);
  EXPECT_EQ(weather_of(400, "EntityTooSmall"), Weather::strange);
}

TEST(S3Answer, EscapesText) {
  EXPECT_EQ(xml_escaped("\"a\"<&>"), "&quot;a&quot;&lt;&amp;&gt;");
}

}  // namespace
}  // namespace devy::s3
