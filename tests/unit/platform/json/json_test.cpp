#include "core/platform/json/json.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace devy::json {
namespace json_test {

TEST(Json, KeepsTheOrderOfItsFields) {
  EXPECT_EQ(Json::object({{"z", 1}, {"a", true}, {"m", "text"}}).dump(),
            "{\n  \"z\": 1,\n  \"a\": true,\n  \"m\": \"text\"\n}");
}

TEST(Json, WritesAbsentValuesAsNull) {
  const std::optional<std::string> none;
  EXPECT_EQ(Json(none).dump(), "null");
  EXPECT_EQ(Json(std::nullopt).dump(), "null");
  EXPECT_EQ(Json(std::optional<int>(3)).dump(), "3");
}

TEST(Json, WritesTimesInUtc) {
  EXPECT_EQ(Json(base::TimePoint(std::chrono::milliseconds(1'500))).dump(),
            "\"1970-01-01T00:00:01.500Z\"");
}

TEST(Json, WritesEmptyListsAndDocuments) {
  EXPECT_EQ(Json::array().dump(), "[]");
  EXPECT_EQ(Json::object().dump(), "{}");
  EXPECT_EQ(Json(std::vector<std::string>{"a"}).dump(), "[\n  \"a\"\n]");
}

TEST(Json, ReplacesWhatIsNoUtf8AndEscapesControls) {
  EXPECT_EQ(Json("a\xff"
                 "b")
                .dump(),
            "\"a\xef\xbf\xbd"
            "b\"");
  EXPECT_EQ(Json("\x1b[2J\n").dump(), "\"\\u001b[2J\\n\"");
}

TEST(Json, WritesOneLineForPrograms) {
  const auto document = Json::object({{"b", Json::array({1, "x\xff", nullptr})}, {"a", 1.5}});
  EXPECT_EQ(document.compact(), "{\"b\":[1,\"x\xef\xbf\xbd\",null],\"a\":1.5}");
}

TEST(Json, PassesStoredDocumentsThrough) {
  EXPECT_EQ(Json::stored("{\"b\":1,\"a\":[]}").dump(), "{\n  \"b\": 1,\n  \"a\": []\n}");
  EXPECT_EQ(Json::stored("").dump(), "null");
  EXPECT_EQ(Json::stored("{broken").dump(), "null");
}

TEST(Json, IndentsStoredDocumentsWhereTheyStand) {
  EXPECT_EQ(Json::object({{"a", Json::array({Json::stored("{\"b\":[1,\"\\n\"]}")})}}).dump(),
            "{\n  \"a\": [\n    {\n      \"b\": [\n        1,\n        \"\\n\"\n      ]\n    }\n"
            "  ]\n}");
  EXPECT_EQ(Json::array({Json::stored("{\"b\": [ 1 ]}")}).compact(), "[{\"b\":[1]}]");
}

// Every byte, alone and in the middle of a character, is written as the library would.
TEST(Json, WritesTextsAsTheLibraryDoes) {
  using Library = nlohmann::ordered_json;
  for (int byte = 0; byte < 256; ++byte)
    for (const std::string& text :
         {std::string(1, static_cast<char>(byte)), "\xc3" + std::string(1, static_cast<char>(byte)),
          "\xe2\x82" + std::string(1, static_cast<char>(byte)) + "x"}) {
      const auto expected = Library(text).dump(-1, ' ', false, Library::error_handler_t::replace);
      EXPECT_EQ(Json(text).compact(), expected) << byte;
      EXPECT_EQ(Json::object({{text, 1}}).compact(), "{" + expected + ":1}") << byte;
    }
}

TEST(Json, WritesNumbersAsTheLibraryDoes) {
  for (const double number : {0.0, -0.0, 1.0, 1.5, 1e100, 1e-7, 123456789.125})
    EXPECT_EQ(Json(number).compact(), nlohmann::json(number).dump());
  EXPECT_EQ(Json(std::numeric_limits<std::int64_t>::min()).compact(), "-9223372036854775808");
  EXPECT_EQ(Json(std::numeric_limits<double>::infinity()).compact(), "null");
}

TEST(Json, DropsStoredDocumentsNestedTooDeep) {
  constexpr std::size_t deep = 100'000;
  EXPECT_EQ(Json::stored(std::string(deep, '[') + std::string(deep, ']')).dump(), "null");
}

}  // namespace json_test
}  // namespace devy::json
