#include "core/platform/json/reader.hpp"

#include <gtest/gtest.h>

#include <type_traits>

namespace devy::json {
namespace reader_test {

constexpr Format format{.name = "a note", .bytes_max = 1'000'000, .code = "note_invalid"};

// What reading says when it refuses; empty when it does not.
template <class Read>
std::string refusal(const Read& read) {
  try {
    static_cast<void>(read());
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "note_invalid");
    EXPECT_EQ(error.kind(), base::ErrorKind::rejected);
    return error.text();
  }
  return "";
}

std::string parse_refusal(std::string_view text, const Format& with = format) {
  return refusal([&] { return parse(text, with); });
}

const std::string note =
    R"({"id":7,"owner":{"login":"alice","age":null},"tags":["a",1,"b"],"is_open":true,)"
    R"("rate":1.5,"big":18446744073709551615,"nul":"a\u0000b","":"empty"})";

TEST(Reader, ReadsByPath) {
  const auto value = parse(note, format);
  EXPECT_TRUE(value.is_object());
  EXPECT_EQ(value.integer("id"), 7);
  EXPECT_EQ(value.text("owner/login"), "alice");
  EXPECT_EQ(value.text("tags/2"), "b");
  EXPECT_TRUE(value.boolean("is_open"));
  EXPECT_EQ(value.if_number("rate"), 1.5);
  EXPECT_EQ(value.if_number("id"), 7.0);
  EXPECT_EQ(value.at("owner").text("login"), "alice");
  EXPECT_EQ(value.size(), 8U);
  EXPECT_EQ(value.at("tags").size(), 3U);
  EXPECT_EQ(value.at("id").size(), 0U);
}

TEST(Reader, TellsAbsentFromNullOnlyWhereAsked) {
  const auto value = parse(note, format);
  EXPECT_FALSE(value.has("owner/age"));
  EXPECT_TRUE(value.has_name("owner/age"));
  EXPECT_FALSE(value.has_name("owner/name"));
  EXPECT_FALSE(value.find("owner/age"));
  EXPECT_TRUE(value.find("owner"));
  for (const auto* path : {"owner/age", "owner/name", "x", "id/x", "tags/3", "tags/x", "tags/-1",
                           "tags/1x", "tags/99999999999999999999", "owner/login/x"}) {
    EXPECT_EQ(value.maybe_text(path), std::nullopt) << path;
    EXPECT_EQ(value.maybe_integer(path), std::nullopt) << path;
    EXPECT_EQ(value.maybe_boolean(path), std::nullopt) << path;
    EXPECT_TRUE(value.maybe_items(path).empty()) << path;
    EXPECT_EQ(refusal([&] { return value.text(path); }),
              "unable to read a note: '" + std::string(path) + "' must be there");
  }
}

TEST(Reader, NamesThePathOfWhatIsOfAnotherType) {
  const auto value = parse(note, format);
  EXPECT_EQ(refusal([&] { return value.text("id"); }),
            "unable to read a note: 'id' must be a text");
  EXPECT_EQ(refusal([&] { return value.text("nul"); }),
            "unable to read a note: 'nul' must be a text without U+0000");
  EXPECT_EQ(refusal([&] { return value.at("owner").integer("login"); }),
            "unable to read a note: 'owner/login' must be a whole number");
  EXPECT_EQ(refusal([&] { return value.integer("rate"); }),
            "unable to read a note: 'rate' must be a whole number");
  EXPECT_EQ(refusal([&] { return value.integer("big"); }),
            "unable to read a note: 'big' must be a whole number");
  EXPECT_EQ(refusal([&] { return value.boolean("id"); }),
            "unable to read a note: 'id' must be true or false");
  EXPECT_EQ(refusal([&] { return value.items("owner"); }),
            "unable to read a note: 'owner' must be a list");
  EXPECT_EQ(refusal([&] { return value.items("x"); }), "unable to read a note: 'x' must be there");
  EXPECT_EQ(refusal([&] { return value.at("x"); }), "unable to read a note: 'x' must be there");
  EXPECT_EQ(refusal([&] { return value.items("tags").at(1).text(); }),
            "unable to read a note: 'tags/1' must be a text");
  EXPECT_EQ(refusal([&] { return value.text(); }), "unable to read a note: it must be a text");
}

TEST(Reader, BoundsANumberByItsType) {
  const auto value = parse(R"([255, 256, -1, -9223372036854775808])", format);
  EXPECT_EQ(value.integer<std::uint8_t>("0"), 255);
  EXPECT_EQ(refusal([&] { return value.integer<std::uint8_t>("1"); }),
            "unable to read a note: '1' must be a number of 0 to 255");
  EXPECT_EQ(refusal([&] { return value.integer<std::uint32_t>("2"); }),
            "unable to read a note: '2' must be a number of 0 to 4294967295");
  EXPECT_EQ(value.integer("3"), std::numeric_limits<std::int64_t>::min());
}

TEST(Reader, PassesOverOtherTypesWhereAsked) {
  const auto value = parse(note, format);
  EXPECT_EQ(value.if_text("id"), std::nullopt);
  EXPECT_EQ(value.if_text("nul"), std::nullopt);
  EXPECT_EQ(value.if_text("owner/age"), std::nullopt);
  EXPECT_EQ(value.if_integer("owner"), std::nullopt);
  EXPECT_EQ(value.if_integer("big"), std::nullopt);
  EXPECT_EQ(value.if_number("owner"), std::nullopt);
  EXPECT_TRUE(value.if_items("owner").empty());
  EXPECT_EQ(value.if_texts("tags"), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(value.if_texts("id").empty());
}

TEST(Reader, ReplacesTheZeroCharacterWhereAsked) {
  const auto value = parse(note, format);
  EXPECT_EQ(value.if_mended_text("nul"),
            "a\xef\xbf\xbd"
            "b");
  EXPECT_EQ(value.if_mended_text("owner/login"), "alice");
  EXPECT_EQ(value.if_mended_text("id"), std::nullopt);
  EXPECT_EQ(value.if_mended_text("owner/age"), std::nullopt);
}

TEST(Reader, ReadsATruthOrNothingWhereAsked) {
  const auto value = parse(note, format);
  EXPECT_EQ(value.if_boolean("is_open"), true);
  EXPECT_EQ(value.if_boolean("id"), std::nullopt);
  EXPECT_EQ(value.if_boolean("owner/age"), std::nullopt);
}

TEST(Reader, TellsThePathFromTheRoot) {
  const auto value = parse(note, format);
  EXPECT_EQ(value.at("owner").place_of("login"), "owner/login");
  EXPECT_EQ(value.items("tags").at(1).place_of({}), "tags/1");
  EXPECT_EQ(value.place_of("id"), "id");
}

TEST(Reader, ListsMembersByName) {
  const auto members = parse(R"({"b":1,"a/c":"x"})", format).members();
  ASSERT_EQ(members.size(), 2U);
  EXPECT_EQ(members.at(0).first, "a/c");
  EXPECT_EQ(members.at(0).second.text(), "x");
  EXPECT_EQ(members.at(1).second.integer(), 1);
  EXPECT_TRUE(parse("[1]", format).members().empty());
}

TEST(Reader, KeepsTheDocumentOfItsViews) {
  const auto last = [] { return parse(R"({"a":[[1],["two"]]})", format).items("a").back(); }();
  EXPECT_EQ(last.text("0"), "two");
}

TEST(Reader, RefusesWhatIsNoJson) {
  using std::string_literals::operator""s;
  for (const auto& text : {""s, " "s, "{"s, "{}x"s, "{} {}"s, "[1,]"s, "{a:1}"s, "nul"s, "'a'"s,
                           "[01]"s, "[1e999]"s, "\"\xff\""s, "\"\xed\xa0\x80\""s, "\"\\ud800\""s,
                           "\"\n\""s, "// x\n1"s, "NaN"s, "{}\0{\"a\":1}"s, "1\0"s})
    EXPECT_EQ(parse_refusal(text), "unable to read a note: it is no JSON") << text;
  for (const auto* text : {"1", " null ", "\"\"", "[]", "{}", "-0", "1e2"})
    EXPECT_EQ(parse_refusal(text), "") << text;
}

TEST(Reader, RefusesANameThatComesTwice) {
  constexpr const char* refused = "unable to read a note: a name is there twice";
  EXPECT_EQ(parse_refusal(R"({"a":1,"a":1})"), refused);
  EXPECT_EQ(parse_refusal(R"({"a":1,"\u0061":1})"), refused);
  EXPECT_EQ(parse_refusal(R"([{"b":{"a":[],"c":1,"a":{}}}])"), refused);
  EXPECT_EQ(parse_refusal(R"({"a":{"a":1},"b":{"a":1}})"), "");
}

TEST(Reader, TakesTheLastOfTwoNamesWhereTheFormatPermitsThem) {
  auto lenient = format;
  lenient.repeated = Repeated::last_counts;
  const auto value = parse(R"({"a":{"b":1,"c":2},"x":0,"a":{"b":3},"x":[4]})", lenient);
  EXPECT_EQ(value.integer("a/b"), 3);
  EXPECT_FALSE(value.has_name("a/c"));
  EXPECT_EQ(value.integer("x/0"), 4);
}

TEST(Reader, BoundsItsDepth) {
  auto shallow = format;
  shallow.depth_max = 3;
  EXPECT_EQ(parse_refusal(R"({"a":[[1]]})", shallow), "");
  EXPECT_EQ(parse_refusal(R"({"a":[[{}]]})", shallow),
            "unable to read a note: it is nested too deep");
  EXPECT_EQ(parse_refusal(std::string(900'000, '[')),
            "unable to read a note: it is nested too deep");
}

TEST(Reader, BoundsItsSizes) {
  auto small = format;
  small.bytes_max = 20;
  small.values_max = 4;
  small.text_bytes_max = 5;
  EXPECT_EQ(parse_refusal(R"(["12345",2,3])", small), "");
  EXPECT_EQ(parse_refusal(std::string(21, ' '), small),
            "unable to read a note: it is over 20 bytes");
  EXPECT_EQ(parse_refusal("[1,2,3,4]", small), "unable to read a note: it has over 4 values");
  EXPECT_EQ(parse_refusal("[[],[],{},[]]", small), "unable to read a note: it has over 4 values");
  EXPECT_EQ(parse_refusal(R"(["123456"])", small),
            "unable to read a note: a text in it is over 5 bytes");
  EXPECT_EQ(parse_refusal(R"({"123456":1})", small),
            "unable to read a note: a text in it is over 5 bytes");
}

TEST(Reader, ParsesOnlyWhatIsSelected) {
  const auto keep = [](std::string_view name) { return name == "keep"; };
  const auto value = parse_selected(R"({"x":[[[]]],"keep":{"a":1},"y":2})", format, keep);
  EXPECT_EQ(value.size(), 1U);
  EXPECT_EQ(value.integer("keep/a"), 1);
  // A name with escapes is read by the parser, and counts as what it means.
  EXPECT_EQ(refusal([&] { return parse_selected(R"({"keep":1,"\u006beep":2})", format, keep); }),
            "unable to read a note: a name is there twice");
  EXPECT_EQ(refusal([&] { return parse_selected("[]", format, keep); }),
            "unable to read a note: it is no JSON object, or nested too deep");
  EXPECT_EQ(refusal([&] { return parse_selected(R"({"keep":tru})", format, keep); }),
            "unable to read a note: it is no JSON");
}

// Cut anywhere, or with any byte in the place of another, it is read or refused.
TEST(Reader, RefusesEveryCutText) {
  for (std::size_t size = 0; size < note.size(); ++size)
    EXPECT_EQ(parse_refusal(note.substr(0, size)), "unable to read a note: it is no JSON") << size;
  const std::string bytes("{}[]\",:\\ x1\0\xff", 13);
  for (std::size_t at = 0; at < note.size(); ++at)
    for (const char byte : bytes) {
      auto text = note;
      text[at] = byte;
      static_cast<void>(parse_refusal(text));
    }
}

}  // namespace reader_test
}  // namespace devy::json
