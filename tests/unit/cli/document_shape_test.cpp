#include "cli/terminal/document_shape.hpp"

#include <gtest/gtest.h>

#include <ostream>

#include "core/platform/base/error.hpp"

namespace devy::cli {
namespace document_shape_test {

constexpr const char* list = R"([
  {"id": "b", "blog": "alice/two", "created_at": "2026-01-02", "took": 12},
  {"id": "a", "blog": "alice/one", "created_at": "2026-01-03", "took": 3},
  {"id": "c", "blog": "bob/three", "created_at": "2026-01-01", "took": null}])";

std::string hint_of(const DocumentShape& shape) {
  try {
    static_cast<void>(shape_document(list, shape));
  } catch (const base::Error& error) {
    return error.hint();
  }
  return "no error";
}

TEST(DocumentShapeTest, PrintsTheNameOfEachElement) {
  EXPECT_EQ(shape_document(list, {.form = DocumentShape::Form::names, .name_field = "blog"}),
            "alice/two\nalice/one\nbob/three\n");
  EXPECT_EQ(
      shape_document(R"({"id": "x"})", {.form = DocumentShape::Form::names, .name_field = "id"}),
      "x\n");
}

TEST(DocumentShapeTest, PrintsEachElementInALineOfItsOwn) {
  EXPECT_EQ(shape_document(R"([{"b": 1, "a": [1, "é"]}, {"b": 9007199254740991}])",
                           {.form = DocumentShape::Form::lines}),
            "{\"b\":1,\"a\":[1,\"é\"]}\n{\"b\":9007199254740991}\n");
}

TEST(DocumentShapeTest, SortsByFieldsOrTheirBeginnings) {
  const auto ids = [](std::vector<std::string> sort) {
    return shape_document(
        list, {.form = DocumentShape::Form::names, .name_field = "id", .sort = std::move(sort)});
  };
  EXPECT_EQ(ids({"created"}), "c\nb\na\n");
  EXPECT_EQ(ids({"-created_at"}), "a\nb\nc\n");
  EXPECT_EQ(ids({"took"}), "c\na\nb\n");
  EXPECT_EQ(hint_of({.sort = {"blogg"}}),
            "Did you mean `blog`? The fields are id, blog, created_at, took.");
}

TEST(DocumentShapeTest, AppliesAFilter) {
  EXPECT_EQ(shape_document(list, {.jq = ".[] | select(.took != null) | .id"}), "b\na\n");
  EXPECT_EQ(shape_document(list, {.jq = "map(.took)"}), "[12,3,null]\n");
  EXPECT_EQ(shape_document(list, {.sort = {"id"}, .jq = ".[0].id"}), "a\n");
  EXPECT_EQ(shape_document(list, {.jq = "empty"}), "");
}

TEST(DocumentShapeTest, RefusesWhatIsNoFilter) {
  for (const auto* filter : {".[", "nonsense", ".[0].id | keys", "error(\"no\")"}) {
    const auto hint = hint_of({.jq = filter});
    EXPECT_EQ(hint, "The language of filters is that of jq(1).") << filter;
  }
}

TEST(DocumentShapeTest, MakesTextsSafeForATerminalOnly) {
  const std::string document = R"(["\u001b]0;owned\u0007"])";
  EXPECT_EQ(shape_document(document, {.jq = ".[]", .is_for_terminal = true}),
            "\\x1b]0;owned\\x07\n");
  EXPECT_EQ(shape_document(document, {.jq = ".[]"}), "\x1b]0;owned\x07\n");
}

TEST(DocumentShapeTest, RefusesWhatIsNoDocument) {
  EXPECT_THROW(static_cast<void>(shape_document("no uploads\n", {.jq = "."})), base::Error);
  EXPECT_THROW(static_cast<void>(shape_document("{}", {.sort = {"id"}})), base::Error);
}

TEST(DocumentShapeTest, KeepsWhatIsWritten) {
  DocumentBuffer buffer;
  std::ostream out(&buffer);
  out << "[" << 12 << ',' << std::string(100'000, 'x') << ']' << std::flush;
  EXPECT_EQ(buffer.text().size(), 100'005U);
  EXPECT_FALSE(buffer.is_over());
}

}  // namespace document_shape_test
}  // namespace devy::cli
