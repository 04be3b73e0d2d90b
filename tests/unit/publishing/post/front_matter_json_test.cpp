// JSON as front matter: an object at the file's beginning.
#include <gtest/gtest.h>

#include <string>

#include "core/platform/config/config.hpp"
#include "core/publishing/post/front_matter.hpp"

namespace devy::post {
namespace front_matter_json_test {

FrontMatter read(const std::string& text) {
  const auto result = read_front_matter(text, Timezone{}, config::Limits{}.front_matter_bytes_max);
  if (const auto* problem = std::get_if<FrontMatterProblem>(&result))
    ADD_FAILURE() << text << ": " << problem->message;
  return std::holds_alternative<FrontMatter>(result) ? std::get<FrontMatter>(result)
                                                     : FrontMatter{};
}

std::string problem_of(const std::string& text) {
  const auto result = read_front_matter(text, Timezone{}, config::Limits{}.front_matter_bytes_max);
  const auto* problem = std::get_if<FrontMatterProblem>(&result);
  return problem == nullptr ? "" : problem->message;
}

TEST(JsonFrontMatter, IsAnObjectAtTheBeginning) {
  const std::string text =
      "{\n  \"title\": \"A \\\"title\\\" \\u00e9\\ud83d\\ude00\",\n  \"date\": \"2024-01-02\",\n"
      "  \"tags\": [\"a\", [\"b\"]],\n  \"draft\": true,\n  \"extra\": {\"n\": -1.5, \"x\": null}\n"
      "}\n\nbody";
  const auto matter = read(text);
  EXPECT_EQ(matter.title, "A \"title\" é😀");
  EXPECT_TRUE(matter.date);
  EXPECT_EQ(matter.tags, (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(matter.is_draft);
  EXPECT_EQ(text.substr(matter.body_offset), "\nbody");
  EXPECT_NE(matter.json.find(R"("extra":{"n":-1.5,"x":null})"), std::string::npos) << matter.json;
  EXPECT_EQ(read("{\"title\": \"x\"}").title, "x");
  EXPECT_EQ(read("{\"title\": \"x\"}  \r\nbody").body_offset, 18U);
  EXPECT_EQ(read("{}\nbody").body_offset, 3U);
}

TEST(JsonFrontMatter, IsNoOtherTextInBraces) {
  for (const char* text : {"{", "{% include x %}\n", "{{< figure >}}\n", "{:toc}\n", "{#id}\n",
                           "{\n  int x;\n}\n", "{a: b}\n", "{\"a\": 1} and text\n", "{} x\n"})
    EXPECT_EQ(read(text).body_offset, 0U) << text;
}

TEST(JsonFrontMatter, WarnsAtThePlaceOfAValue) {
  const auto matter = read("{\"lang\": \"en\",\n  \"date\": \"soon\"}\n");
  ASSERT_EQ(matter.warnings.size(), 1U);
  EXPECT_EQ(matter.warnings[0].place.line, 2U);
  EXPECT_EQ(matter.warnings[0].place.column, 11U);
}

TEST(JsonFrontMatter, HasItsLimits) {
  std::string deep = "{\"a\": ";
  for (int i = 0; i < 10'000; ++i)
    deep += "[";
  EXPECT_EQ(problem_of(deep), "front matter is nested more than 64 levels deep");
  std::string many = "{\"a\": [1";
  for (int i = 0; i < 25'000; ++i)
    many += ",1";
  EXPECT_EQ(problem_of(many + "]}"), "unable to read the front matter: it has too many values");
  EXPECT_EQ(problem_of("{\"a\": \"" + std::string(70'000, 'x') + "\"}"),
            "front matter is larger than 65536 bytes");
}

}  // namespace front_matter_json_test
}  // namespace devy::post
