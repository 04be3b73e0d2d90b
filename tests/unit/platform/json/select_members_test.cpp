#include "core/platform/json/select_members.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace devy::json {
namespace select_members_test {

std::optional<std::string> outline_of(std::string_view json, int depth_max = 64) {
  return select_members(json, depth_max, [](std::string_view name) { return name == "keep"; });
}

TEST(SelectMembers, ReturnsTheWantedMembers) {
  EXPECT_EQ(outline_of(R"({"keep":1,"leave":2})"), R"({"keep":1})");
  EXPECT_EQ(outline_of(R"( { "leave" : [1, {"keep": 3}] , "keep" : {"a": [2]} } )"),
            R"({"keep" : {"a": [2]}})");
  EXPECT_EQ(outline_of(R"({"keep":1,"x":"}","keep":null})"), R"({"keep":1,"keep":null})");
  EXPECT_EQ(outline_of("{}"), "{}");
  EXPECT_EQ(outline_of(" {\n} "), "{}");
}

TEST(SelectMembers, UnderstandsStrings) {
  EXPECT_EQ(outline_of(R"({"x":"a\"]}{[","keep":1})"), R"({"keep":1})");
  EXPECT_EQ(outline_of(R"({"x":"\\","keep":"\\\""})"), R"({"keep":"\\\""})");
  EXPECT_EQ(outline_of(R"({"x":["\\\\\"}",{"y":"]"}],"keep":1})"), R"({"keep":1})");
}

// Whoever parses the select_members understands them.
TEST(SelectMembers, KeepsNamesWithEscapes) {
  EXPECT_EQ(outline_of(R"({"\u006beep":1,"leave":2})"), R"({"\u006beep":1})");
}

TEST(SelectMembers, ReturnsNothingForWhatIsNoObject) {
  for (const auto* text : {"",
                           " ",
                           "[]",
                           "1",
                           "\"{}\"",
                           "{",
                           "{\"keep\"",
                           "{\"keep\":",
                           "{\"keep\":1",
                           "{\"keep\":1,",
                           "{\"keep\":1,}",
                           "{,}",
                           "{\"keep\":}",
                           "{keep:1}",
                           "{}x",
                           "{}{}",
                           "{\"a\":[}",
                           "{\"a\":[1}",
                           "{\"a\":{]}",
                           "{\"a\":\"}",
                           "{\"a\" 1}",
                           "{\"a\":1 \"b\":2}",
                           "{\"a\":\"\\\"}"})
    EXPECT_EQ(outline_of(text), std::nullopt) << text;
}

TEST(SelectMembers, BoundsItsDepth) {
  EXPECT_TRUE(outline_of(R"({"a":[[1]]})", 3));
  EXPECT_FALSE(outline_of(R"({"a":[[1]]})", 2));
  EXPECT_FALSE(outline_of("{\"a\":" + std::string(1'000'000, '[')));
}

// Cut anywhere, or with any byte changed, it is still an select_members that parses as what the
// whole parses as, or nothing.
TEST(SelectMembers, AgreesWithAParser) {
  using Parser = nlohmann::json;
  const std::string whole =
      R"({"keep":{"a":[1,2,{"b":"c\"d"}]},"x":[{"y":"z\\"},null],"keep2":true,"s":"t"})";
  const std::string bytes = "{}[]\",:\\ x1";
  for (std::size_t at = 0; at < whole.size(); ++at)
    for (const char byte : bytes) {
      auto text = whole;
      text[at] = byte;
      const auto parsed = Parser::parse(text, nullptr, false);
      const auto cut = outline_of(text);
      if (!parsed.is_object()) continue;
      ASSERT_TRUE(cut) << text;
      const auto kept = Parser::parse(*cut, nullptr, false);
      ASSERT_TRUE(kept.is_object()) << text;
      EXPECT_EQ(kept.value("keep", Parser()), parsed.value("keep", Parser())) << text;
    }
}

}  // namespace select_members_test
}  // namespace devy::json
