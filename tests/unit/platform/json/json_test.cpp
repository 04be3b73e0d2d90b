#include "core/platform/json/json.hpp"

#include <gtest/gtest.h>

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

TEST(Json, PassesStoredDocumentsThrough) {
  EXPECT_EQ(Json::stored("{\"b\":1,\"a\":[]}").dump(), "{\n  \"b\": 1,\n  \"a\": []\n}");
  EXPECT_EQ(Json::stored("").dump(), "null");
  EXPECT_EQ(Json::stored("{broken").dump(), "null");
}

TEST(Json, DropsStoredDocumentsNestedTooDeep) {
  constexpr std::size_t deep = 100'000;
  EXPECT_EQ(Json::stored(std::string(deep, '[') + std::string(deep, ']')).dump(), "null");
}

}  // namespace json_test
}  // namespace devy::json
