#include "core/publishing/post/front_matter.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/platform/base/time_text.hpp"

namespace devy::post {
namespace front_matter_test {

constexpr std::size_t block_bytes_max = 65'536;

FrontMatter read(std::string_view text) {
  auto result = read_front_matter(text, Timezone{}, block_bytes_max);
  if (auto* problem = std::get_if<FrontMatterProblem>(&result)) {
    ADD_FAILURE() << problem->place.line << ':' << problem->place.column << ' ' << problem->message;
    return {};
  }
  return std::get<FrontMatter>(std::move(result));
}

// "line:col: message", or "" where there is none.
std::string problem_of(std::string_view text) {
  const auto result = read_front_matter(text, Timezone{}, block_bytes_max);
  const auto* problem = std::get_if<FrontMatterProblem>(&result);
  if (problem == nullptr) return "";
  return std::to_string(problem->place.line) + ":" + std::to_string(problem->place.column) + ": " +
         problem->message;
}

std::string repeat(std::string_view text, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i)
    out += text;
  return out;
}

using Texts = std::vector<std::string>;

TEST(FrontMatter, ReadsYaml) {
  const std::string text =
      "---\n"
      "title: \"A: title\"\n"
      "slug: My Slug\n"
      "date: 2024-01-02 03:04:05 +0800\n"
      "tags: [one, two]\n"
      "categories:\n  - two\n  - three\n"
      "draft: true\n"
      "author: Ann\n"
      "---\n"
      "body";
  const auto matter = read(text);
  EXPECT_EQ(matter.title, "A: title");
  EXPECT_EQ(matter.slug, "My Slug");
  EXPECT_EQ(base::format_rfc3339(matter.date.value().at), "2024-01-01T19:04:05.000Z");
  EXPECT_EQ(matter.tags, (Texts{"one", "two", "three"}));
  EXPECT_EQ(matter.authors, Texts{"Ann"});
  EXPECT_TRUE(matter.is_draft);
  EXPECT_EQ(text.substr(matter.body_offset), "body");
}

TEST(FrontMatter, ReadsToml) {
  const std::string text =
      "+++\n"
      "title = 'A title'\n"
      "date = 2024-01-02T03:04:05+08:00\n"
      "lastmod = 2024-01-03\n"
      "expiryDate = 2024-01-04 05:06:07\n"
      "tags = ['one', 'two']\n"
      "[extra]\nmath = true\n"
      "+++\n"
      "body";
  const auto matter = read(text);
  EXPECT_EQ(matter.title, "A title");
  EXPECT_EQ(base::format_rfc3339(matter.date.value().at), "2024-01-01T19:04:05.000Z");
  EXPECT_EQ(base::format_rfc3339(matter.updated.value().at), "2024-01-03T00:00:00.000Z");
  EXPECT_EQ(base::format_rfc3339(matter.expires.value()), "2024-01-04T05:06:07.000Z");
  EXPECT_EQ(matter.tags, (Texts{"one", "two"}));
  EXPECT_EQ(text.substr(matter.body_offset), "body");
}

TEST(FrontMatter, KnowsTheUsualAliases) {
  EXPECT_TRUE(read("---\npubDate: 2024-01-02\n---\n").date);
  EXPECT_TRUE(read("---\npublishDate: 2024-01-02\n---\n").date);
  EXPECT_TRUE(read("---\nlastmod: 2024-01-02\n---\n").updated);
  EXPECT_TRUE(read("---\nexpiryDate: 2024-01-02\n---\n").expires);
  EXPECT_EQ(read("---\ndescription: d\n---\n").summary, "d");
  EXPECT_EQ(read("---\nexcerpt: e\n---\n").summary, "e");
  EXPECT_EQ(read("---\nimage: /a.png\n---\n").cover, "/a.png");
  EXPECT_EQ(read("---\nredirect_from: /old\n---\n").aliases, Texts{"/old"});
  EXPECT_EQ(read("---\nauthors: [{name: Ann}, Bo]\n---\n").authors, (Texts{"Ann", "Bo"}));
  EXPECT_EQ(read("---\nTitle: T\n---\n").title, "T");
}

TEST(FrontMatter, PrefersTheFirstOfTwoNamesForOneThing) {
  EXPECT_EQ(read("---\nexcerpt: e\nsummary: s\n---\n").summary, "s");
  EXPECT_EQ(read("---\nsummary:\nexcerpt: e\n---\n").summary, "e");
}

TEST(FrontMatter, KeepsEveryKeyAsJson) {
  EXPECT_EQ(read("---\na: 1\nb: [x, 2.5, true, ~]\nc: {d: '1'}\n---\n").json,
            R"({"a":1,"b":["x",2.5,true,null],"c":{"d":"1"}})");
  EXPECT_EQ(read("+++\na = 1\nb = ['x', 2.5, true]\nc.d = 2024-01-02\n+++\n").json,
            R"({"a":1,"b":["x",2.5,true],"c":{"d":"2024-01-02"}})");
  EXPECT_EQ(read("---\na: \"x\\0y\\\\u0000\"\n---\n").json, R"({"a":"xy\\u0000"})");
  EXPECT_EQ(read("---\na: 99999999999999999999\nb: .inf\n---\n").json,
            R"({"a":"99999999999999999999","b":".inf"})");
  EXPECT_EQ(read("no front matter").json, "{}");
}

TEST(FrontMatter, TakesScalarsForTexts) {
  EXPECT_EQ(read("---\ntitle: 2024\n---\n").title, "2024");
  EXPECT_EQ(read("---\ntitle: true\n---\n").title, "true");
  EXPECT_EQ(read("---\ntitle:\n---\n").title, std::nullopt);
  EXPECT_EQ(read("---\ntitle: ''\n---\n").title, std::nullopt);
}

TEST(FrontMatter, DropsControlCharactersFromTexts) {
  const auto matter = read(
      "---\ntitle: \"\\e[31mred\\x07 \\u009b31m\"\ntags: [\"a\\nb\"]\nsummary: |\n  two\n  "
      "lines\n---\n");
  EXPECT_EQ(matter.title, "[31mred 31m");
  EXPECT_EQ(matter.tags, Texts{"a b"});
  EXPECT_EQ(matter.summary, "two lines");
}

// yaml-cpp itself makes bytes of these escapes that PostgreSQL would refuse the whole upload for.
TEST(FrontMatter, ReadsEscapesOfLatin1) {
  const auto matter = read("---\ntitle: \"a\\_b\"\n\"k\\N\": \"\\_\"\n---\n");
  EXPECT_EQ(matter.title, "a\u00a0b");
  EXPECT_EQ(matter.json, "{\"k\u0085\":\"\u00a0\",\"title\":\"a\u00a0b\"}");
}

TEST(FrontMatter, SplitsTagsAtCommas) {
  EXPECT_EQ(read("---\ntags: one, two words, one\n---\n").tags, (Texts{"one", "two words"}));
}

TEST(FrontMatter, WarnsOfAddressesItLeavesOut) {
  const auto matter = read("---\ncanonical: javascript:alert(1)\ncover: data:x\n---\n");
  EXPECT_FALSE(matter.canonical);
  EXPECT_FALSE(matter.cover);
  ASSERT_EQ(matter.warnings.size(), 2U);
  EXPECT_EQ(matter.warnings[1].place.line, 2U);
  EXPECT_EQ(matter.warnings[1].message,
            "'canonical' is left out: 'javascript:alert(1)' is not an address (http or https)");
}

TEST(FrontMatter, WarnsOfAKeyThatIsThereTwice) {
  const auto matter = read("---\ntitle: a\ntitle: b\n---\n");
  EXPECT_EQ(matter.title, "b");
  ASSERT_EQ(matter.warnings.size(), 1U);
  EXPECT_EQ(matter.warnings[0].message, "'title' is there twice, and the last one counts");
}

TEST(FrontMatter, MergesTheMapsOfMergeKeys) {
  const auto matter = read(
      "---\nbase: &base {title: of the base, draft: true, lang: en}\n<<: *base\ntitle: its "
      "own\n---\n");
  EXPECT_EQ(matter.title, "its own");
  EXPECT_TRUE(matter.is_draft);
  EXPECT_TRUE(matter.warnings.empty());
  EXPECT_EQ(matter.json.find("<<"), std::string::npos) << matter.json;
  EXPECT_EQ(
      read("---\na: &a {x: 1, y: 1}\nb: &b {x: 2, z: 2}\nc: {<<: [*a, *b], y: 3}\n---\n").json,
      R"({"a":{"x":1,"y":1},"b":{"x":2,"z":2},"c":{"x":1,"y":3,"z":2}})");
  EXPECT_EQ(read("---\na: &a {<<: {x: 1}}\nb: {<<: *a}\n---\n").json,
            R"({"a":{"x":1},"b":{"x":1}})");
}

TEST(FrontMatter, KeepsAMergeKeyThatMergesNothing) {
  EXPECT_EQ(read("---\na: b\n<<: text\n---\n").json, R"({"<<":"text","a":"b"})");
  EXPECT_EQ(read("---\n'<<': {x: 1}\na: b\n---\n").json, R"({"<<":{"x":1},"a":"b"})");
}

TEST(FrontMatter, TakesABlockOfCommentsForFrontMatter) {
  for (const std::string block :
       {"---\n# draft: true\n---\n", "---\n\n  # a\n# b\n\n---\n", "+++\n# draft = true\n+++\n"}) {
    const auto matter = read(block + "body");
    EXPECT_EQ(matter.body_offset, block.size()) << block;
    EXPECT_EQ(matter.json, "{}") << block;
    EXPECT_TRUE(matter.warnings.empty()) << block;
  }
}

TEST(FrontMatter, LeavesOrdinaryMarkdownAlone) {
  for (const std::string text :
       {"", "text", "---", "---\n", "---\n\ntext\n", "---\ntext without an end\n",
        "----\ntitle: x\n---\n", " ---\ntitle: x\n---\n", "+++\ntext\n", "***\na: b\n***\n",
        "---\nprose between two rules\n---\nmore\n", "---\n- a list\n- of two\n---\n",
        "---\n\n# A heading\n\nand text: with a colon inside\n\n---\n"})
    EXPECT_EQ(read(text).body_offset, 0U) << text;
}

TEST(FrontMatter, EndsAtItsClosingLine) {
  const std::string windows = "---\r\ntitle: x\r\n---\r\nbody";
  EXPECT_EQ(windows.substr(read(windows).body_offset), "body");
  EXPECT_EQ(read(windows).title, "x");
  const std::string dots = "---\ntitle: x\n...\nbody";
  EXPECT_EQ(dots.substr(read(dots).body_offset), "body");
  EXPECT_EQ(read("---\ntitle: x\n---").body_offset, 16U);
  EXPECT_EQ(read("---\n---\nbody").body_offset, 8U);
  EXPECT_EQ(read("---  \ntitle: x\n--- \nbody").title, "x");
}

TEST(FrontMatter, RefusesABlockThatIsTooLarge) {
  EXPECT_EQ(problem_of("---\na: " + std::string(block_bytes_max, 'x') + "\n---\n"),
            "1:1: front matter is larger than 65536 bytes");
}

TEST(FrontMatter, RefusesDeepNesting) {
  const std::string expected = "front matter is nested more than 64 levels deep";
  EXPECT_TRUE(problem_of("---\na: " + repeat("[", 1'000) + "\n---\n").ends_with(expected));
  EXPECT_TRUE(problem_of("---\na: " + repeat("[", 30'000) + "\n---\n").ends_with(expected));
  EXPECT_TRUE(problem_of("---\na: " + repeat("{b: ", 10'000) + "\n---\n").ends_with(expected));
  EXPECT_TRUE(problem_of("---\na:\n" + repeat("- ", 1'000) + "\n---\n").ends_with(expected));
  // Aliases nest as well.
  std::string text = "---\na0: &a0 [x]\n";
  for (int i = 1; i < 100; ++i)
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) +
            "]\n";
  EXPECT_TRUE(problem_of(text + "---\n").ends_with(expected));
}

TEST(FrontMatter, DefusesABombOfAliases) {
  std::string text = "---\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 10; ++i) {
    const std::string alias = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + alias;
    for (int n = 1; n < 10; ++n)
      text += ", " + alias;
    text += "]\n";
  }
  EXPECT_TRUE(problem_of(text + "---\n")
                  .ends_with("front matter is too large once its aliases are expanded"));
}

TEST(FrontMatter, DefusesABombOfLongTexts) {
  std::string text = "---\na: &a " + std::string(30'000, 'x') + "\nb: [*a";
  text += repeat(", *a", 8'000) + "]\n---\n";
  EXPECT_TRUE(
      problem_of(text).ends_with("front matter is too large once its aliases are expanded"));
}

TEST(FrontMatter, RefusesTomlKeysOfManyParts) {
  EXPECT_EQ(problem_of("+++\na = 1\n" + repeat("a.", 30'000) + "a = 1\n+++\n"),
            "3:64: front matter has a key of more than 32 parts");
  EXPECT_EQ(problem_of("+++\na = " + repeat("[", 30'000) + "\n+++\n"),
            "2:69: front matter has values nested more than 64 deep");
}

}  // namespace front_matter_test
}  // namespace devy::post
