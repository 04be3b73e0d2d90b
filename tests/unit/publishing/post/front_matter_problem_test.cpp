// What authors are told of front matter that cannot be read: what is wrong, where, and what to do.
#include <gtest/gtest.h>

#include <string>

#include "core/platform/config/config.hpp"
#include "core/publishing/post/front_matter.hpp"

namespace devy::post {
namespace front_matter_problem_test {

// "line:col: message", or "" where there is none.
std::string problem_of(const std::string& text) {
  const auto result = read_front_matter(text, Timezone{}, config::Limits{}.front_matter_bytes_max);
  const auto* problem = std::get_if<FrontMatterProblem>(&result);
  if (problem == nullptr) return "";
  return std::to_string(problem->place.line) + ":" + std::to_string(problem->place.column) + ": " +
         problem->message;
}

struct Case {
  const char* block;
  const char* expected;  // behind "unable to read the front matter: "
};

void expect_problems(const std::string& fence, std::initializer_list<Case> cases) {
  const std::string prefix = "unable to read the front matter: ";
  for (const auto& [block, expected] : cases) {
    std::string problem = problem_of(fence + "\n" + block + "\n" + fence + "\ntext\n");
    const auto found = problem.find(prefix);
    if (found != std::string::npos) problem.erase(found, prefix.size());
    EXPECT_EQ(problem, expected) << block;
  }
}

TEST(FrontMatterProblem, NamesTheColonInAValue) {
  for (const char* block : {"title: Part 2: The return", "title: x:", "title: http://x.y: z",
                            "title: 50% off: now", "title: “smart”: x"}) {
    const auto problem = problem_of("---\n" + std::string(block) + "\n---\n");
    EXPECT_TRUE(problem.ends_with("the value has a colon in it; put the value in quotes"))
        << problem;
    EXPECT_TRUE(problem.starts_with("2:")) << problem;
  }
  expect_problems("---", {{"title: Part 2: The return",
                           "2:14: the value has a colon in it; put the value in quotes"}});
}

TEST(FrontMatterProblem, NamesTheCharacterThatIsNoTextInYaml) {
  constexpr auto kind = "text follows the closing quote; put the value in quotes of the other kind";
  for (const char* block : {"title: \"Quoted\" word", "title: 'Quoted' word", "title: 'it's'",
                            "title: \"a\" \"b\"", "title: ''a''"})
    EXPECT_TRUE(problem_of("---\n" + std::string(block) + "\n---\n").ends_with(kind)) << block;
  expect_problems(
      "---",
      {{"title: \"Quoted\" word",
        "2:17: text follows the closing quote; put the value in quotes of the other kind"},
       {"title: [Draft] plan",
        "2:16: a value that begins with '[' is a list, and text follows its end; put the value in "
        "quotes"},
       {"title: {a} plan",
        "2:12: a value that begins with '{' is a map, and text follows its end; put the value in "
        "quotes"},
       {"title: {% x %}",
        "2:9: a value that begins with '{' is a map, and text follows its end; put the value in "
        "quotes"},
       {"title: @x", "2:8: a value cannot begin with '@'; put the value in quotes"},
       {"title: `x`", "2:8: a value cannot begin with '`'; put the value in quotes"},
       {"title: %x", "2:8: a value cannot begin with '%'; put the value in quotes"},
       {"title: , x", "2:8: a value cannot begin with ','; put the value in quotes"},
       {"title: } x", "2:8: a value cannot begin with '}'; put the value in quotes"},
       {"title: ? x", "2:8: a value cannot begin with '?'; put the value in quotes"},
       {"tags: [ @x ]", "2:9: a value cannot begin with '@'; put the value in quotes"},
       {"title: *bold* x",
        "2:8: a value that begins with '*' names another value of the block; put the value in "
        "quotes"},
       {"title: & y",
        "2:9: a value that begins with '&' names another value of the block; put the value in "
        "quotes"},
       {"title: > quote",
        "2:10: a value that begins with '>' is a text that begins on the next line; put the value "
        "in quotes"},
       {"title: - x",
        "2:8: a list cannot begin on the line of its key; begin it on the next line, or put the "
        "value in quotes"}});
}

TEST(FrontMatterProblem, FindsTheQuoteThatIsNotClosed) {
  constexpr auto expected =
      "the quote that begins here is not closed; put a quote at the end of the value";
  const struct {
    const char* block;
    const char* place;
  } cases[] = {{"title: \"bad\ndate: yesterday", "2:8: "},
               {"title: 'bad\ndate: yesterday", "2:8: "},
               {"title: \"bad\ndate: \"yesterday\"", "2:8: "},
               {"title: \"bad\ndraft: true\nsummary: of \"x", "2:8: "},
               {"title: 'a'\nsummary: \"open", "3:10: "},
               {"\"title: x", "2:1: "},
               {"title: x\ntags: [\"a\", \"b]", "3:13: "},
               {"title: &a \"x\ncopy: *a", "2:8: "}};
  for (const auto& [block, place] : cases) {
    const auto problem = problem_of("---\n" + std::string(block) + "\n---\n");
    EXPECT_TRUE(problem.starts_with(place)) << block << " " << problem;
    EXPECT_TRUE(problem.ends_with(expected)) << block << " " << problem;
  }
  // One that goes on in indented lines, or over an empty one, is closed.
  EXPECT_EQ(problem_of("---\ntitle: \"two\n  lines\"\nlist: ['a: b', \"c\"]\n---\n"), "");
  EXPECT_EQ(problem_of("---\ntitle: it's \"so\"\nsummary: 'it''s \\'\n---\n"), "");
}

TEST(FrontMatterProblem, NamesTheLineThatDoesNotFit) {
  constexpr std::string_view no_key =
      "the line is no 'key: value'; put a colon and a space behind its key, or indent it when it "
      "belongs to the value above";
  constexpr std::string_view uneven =
      "the line is indented like none above it; indent the keys of one map, and the items of one "
      "list, alike";
  const struct {
    const char* block;
    const char* place;
    std::string_view why;
  } cases[] = {
      {"title: x\nwords without colon", "3:1: ", no_key},
      {"title\ndate: 2020", "2:1: ", no_key},
      {"tags:\n- a\n-b", "4:1: ", no_key},
      {"a: |\nx", "3:1: ", no_key},
      {"title: a\n: b", "3:1: ", no_key},
      {"title:x\ndate: 2020", "2:6: ", "put a space behind the colon"},
      {"a:\n\tb: c", "3:1: ", "the line is indented with a tab; use spaces"},
      {"k: v\n\tx: y", "3:1: ", "the line is indented with a tab; use spaces"},
      {"a:\n  b: c\n d: e", "4:2: ", uneven},
      {" a: x\nb: c", "3:1: ", uneven},
      {"tags:\n  - a\n - b", "4:2: ", uneven},
      {"a: x\n  b: y", "3:4: ",
       "the line is indented deeper than the key above it, which has a value; indent both alike"},
      {"tags: a\n- b",
       "3:1: ", "the list stands below a key that has a value; take the value away"},
      {"title: x\n<<<<<<< HEAD\ndate: a\n=======\ndate: b\n>>>>>>> x",
       "3:1: ", "a merge conflict stands in it; keep one of its two sides"},
      {"tags: [a, b\ndate: x", "2:7: ",
       "the list that begins here is not closed by ']'; close it, or put the value in quotes"},
      {"tags: {a: b\ndate: x", "2:7: ",
       "the map that begins here is not closed by '}'; close it, or put the value in quotes"},
      {"title: \"C:\\new\\users\"", "2:21: ",
       "a backslash in double quotes begins an escape that YAML does not know; write two, or put "
       "the value in single quotes"},
  };
  for (const auto& [block, place, why] : cases)
    EXPECT_EQ(problem_of("---\n" + std::string(block) + "\n---\n"),
              std::string(place) + "unable to read the front matter: " + std::string(why))
        << block;
}

// Each of them is refused by PyYAML 6.0 as well; none may pass without a word.
TEST(FrontMatterProblem, RefusesWhatAnotherParserRefuses) {
  for (const char* block : {"title: |x",
                            "title: ] x",
                            "tags: [a, b]]",
                            "tags:\n- a\nb",
                            "{{ title }}: x",
                            "title: {{ x }}",
                            "a: |\n  x\n y\nb: c",
                            "a: *nope",
                            "title: 'a', b",
                            "title: [a, [b]",
                            "time: 12:30: now",
                            "'title: x",
                            "a: \"\\x4\"",
                            "k: [a,\n- b]",
                            "a: >x\n b",
                            "a: |5x\n b",
                            "title: Foo - bar: baz # q",
                            "title: \"a\"b",
                            "title: [1] x: y",
                            "title: \"unclosed",
                            "title:\n  x\n   y: z",
                            "a: {b: c d: e}",
                            "a: [b, \"c\" d]",
                            "a: !<x y",
                            "\ttitle: x",
                            "a: b\ntitle >\n  fold\n  x",
                            "title: x\n--- second\ndate: y"}) {
    const auto problem = problem_of("---\n" + std::string(block) + "\n---\n");
    EXPECT_NE(problem, "") << block;
    // No inner words of the parser.
    for (const char* words : {"not found", "illegal", "token", "scalar", "sequence"})
      EXPECT_EQ(problem.find(words), std::string::npos) << problem;
  }
}

TEST(FrontMatterProblem, SaysHowABlockIsClosed) {
  EXPECT_EQ(problem_of("---\ntitle: x\n"),
            "1:1: front matter is not closed by a line of '---'; put one below the last key");
  EXPECT_EQ(problem_of("+++\ntitle = 1\n"),
            "1:1: front matter is not closed by a line of '+++'; put one below the last key");
  for (const char* line : {"----", "--", " ---", "—", "———", "–-"})
    EXPECT_EQ(problem_of("---\ntitle: x\n" + std::string(line) + "\ntext\n"),
              "3:1: front matter is not closed: this line must be '---' and nothing else")
        << line;
  EXPECT_EQ(problem_of("---\n---\ntitle: x\n---\ntext\n"),
            "2:1: front matter has its opening line twice; take one away");
  EXPECT_EQ(problem_of("---\n---\ntext: with a colon\n"), "");
}

TEST(FrontMatterProblem, NamesWhatIsNoMap) {
  EXPECT_EQ(problem_of("---\na: &x [*x]\n---\n"),
            "2:8: front matter has an alias inside its own anchor");
  EXPECT_EQ(problem_of("---\n? [a]\n: b\nc: d\n---\n"),
            "2:3: front matter has a key that is no plain text; put the value in quotes");
}

TEST(FrontMatterProblem, SaysWhatTomlWants) {
  constexpr auto text =
      "the value is no text in quotes, number, date, true or false; put the value in quotes";
  for (const char* block : {"title = Hello world", "draft = True", "draft = yes", "tags = [a, b]",
                            "title = “x”", "a = @x", "date = tomorrow"})
    EXPECT_TRUE(problem_of("+++\n" + std::string(block) + "\n+++\n").ends_with(text)) << block;
  expect_problems(
      "+++",
      {{"title: \"x\"", "2:6: TOML has '=' and not ':' between a key and its value"},
       {"my key = 1",
        "2:4: '=' is missing between the key and its value; a key of several words stands in "
        "quotes"},
       {"title = 'it's'",
        "2:13: text follows the value; put the value in quotes of the other kind"},
       {"title = \"open\ndate = 2024-01-02",
        "2:9: the quote that begins here is not closed; put a quote at the end of the value"},
       {"a = 1\na = 2", "3:5: the key is there twice; keep one of the two"},
       {"a = 1\ntags = [\"a\" \"b\"]",
        "3:13: the list needs a comma between its values, and ']' at its end"},
       {"date = 2024-1-2", "2:14: write the date as 2024-01-02, or put the value in quotes"},
       {"date = 2024-01-02 10:30", "2:24: write the time as 10:30:00, or put the value in quotes"},
       {"draft =", "2:8: the key has no value; write one, or take the key away"},
       {"a = 1\n[extra\nb = 1", "3:7: the name in brackets is not closed by ']'"},
       {"a = {b = 1,}",
        "2:12: a map in braces stands on one line, with a comma between its values and none at its "
        "end"},
       {"a = 01", "2:7: the number cannot be read; put the value in quotes"},
       {"a = \"C:\\users\"",
        "2:10: a backslash in double quotes begins an escape that TOML does not know; write two, "
        "or put the value in single quotes"}});
}

TEST(FrontMatterProblem, SaysWhatJsonWants) {
  const struct {
    const char* text;
    const char* expected;
  } cases[] = {
      {"{\n  title: \"x\"\n}\n", "2:3: a key must stand in double quotes"},
      {"{\n  'title': 'x'\n}\n", "2:3: a key must stand in double quotes"},
      {"{\n  \"title\": x\n}\n",
       "2:12: a text must stand in double quotes; put the value in quotes"},
      {"{\n  \"title\": 'x'\n}\n",
       "2:12: a text must stand in double quotes; put the value in quotes"},
      {"{\n  \"title\" \"x\"\n}\n", "2:11: a colon is missing behind the key"},
      {"{\n  \"a\": 1\n  \"b\": 2\n}\n",
       "3:3: a comma is missing before this, or the closing brace"},
      {"{\n  \"a\": 1,\n}\n", "3:1: a comma stands before the closing brace; take it away"},
      {"{\n  \"a\": [1,]\n}\n", "2:11: a comma stands before the closing bracket; take it away"},
      {"{\n  \"a\": [1 2]\n}\n", "2:11: a comma is missing before this, or the closing bracket"},
      {"{\n  \"a\": \"x\n}\n",
       "2:8: the quote that begins here is not closed; put a quote at the end of the value"},
      {"{\n  \"a\": \"C:\\users\"\n}\n",
       "2:11: a backslash begins an escape that JSON does not know; write two"},
      {"{\n  \"a\": \"\\ud800\"\n}\n",
       "2:9: a backslash begins an escape that JSON does not know; write two"},
      {"{\n  \"a\": 01\n}\n", "2:8: a text must stand in double quotes; put the value in quotes"},
      {"{\"a\": 1\n\ntext\n", "3:1: a comma is missing before this, or the closing brace"},
      {"{\"a\": 1", "1:1: it is not closed by '}'"},
  };
  for (const auto& [text, expected] : cases) {
    const std::string expected_whole = expected;
    const auto space = expected_whole.find(' ');
    EXPECT_EQ(problem_of(text),
              expected_whole.substr(0, space) +
                  " unable to read the front matter:" + expected_whole.substr(space))
        << text;
  }
}

}  // namespace front_matter_problem_test
}  // namespace devy::post
