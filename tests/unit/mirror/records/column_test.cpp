// How members of documents become columns: types, bounds, nulls.
#include "core/mirror/records/column.hpp"

#include <gtest/gtest.h>

#include "tests/support/mirror/documents.hpp"

namespace devy::records {
namespace column_test {

// The column as JSON; "absent" when it is left out.
std::string read(std::string_view text, const Column& column) {
  const auto value = read_column(testing::document(text), column);
  return value ? value->compact() : "absent";
}

std::string read_a(std::string_view member, Type type, std::size_t bytes_max = short_bytes_max) {
  return read("{\"a\":" + std::string(member) + "}", {"a", "a", type, bytes_max});
}

TEST(Column, IsLeftOutWhenItsMemberIsAbsent) {
  for (const auto type : {Type::id, Type::count, Type::boolean, Type::time, Type::text, Type::texts,
                          Type::document}) {
    EXPECT_EQ(read("{}", {"a", "a", type}), "absent");
    EXPECT_EQ(read("{}", {"a", "a/b", type}), "absent");
    EXPECT_EQ(read(R"({"a":{}})", {"a", "a/b", type}), "absent");
    EXPECT_EQ(read(R"({"a":null})", {"a", "a", type}), "null");
  }
}

TEST(Column, IsNullWhereADocumentOnTheWayIsNull) {
  EXPECT_EQ(read(R"({"user":null})", {"user_id", "user/id", Type::id}), "null");
  EXPECT_EQ(read(R"({"head":{"repo":null}})", {"head_repo_id", "head/repo/id", Type::id}), "null");
  EXPECT_EQ(read(R"({"head":null})", {"head_repo_id", "head/repo/id", Type::id}), "null");
}

TEST(Column, IsLeftOutWhenItsMemberIsOfAnotherType) {
  for (const auto* member : {"\"1\"", "1.5", "true", "[]", "{}", "18446744073709551615"}) {
    EXPECT_EQ(read_a(member, Type::id), "absent") << member;
    EXPECT_EQ(read_a(member, Type::count), "absent") << member;
  }
  for (const auto* member : {"0", "\"true\"", "[]", "{}"})
    EXPECT_EQ(read_a(member, Type::boolean), "absent") << member;
  for (const auto* member : {"true", "1.5", "\"\"", "\"yesterday\"", "[]", "{}"})
    EXPECT_EQ(read_a(member, Type::time), "absent") << member;
  for (const auto* member : {"1", "false", "[]", "{}"})
    EXPECT_EQ(read_a(member, Type::text), "absent") << member;
  for (const auto* member : {"1", "false", "\"a\"", "{}"})
    EXPECT_EQ(read_a(member, Type::texts), "absent") << member;
  for (const auto* member : {"1", "false", "\"a\"", "[]"})
    EXPECT_EQ(read_a(member, Type::document), "absent") << member;
  EXPECT_EQ(read(R"({"user":"alice"})", {"user_id", "user/id", Type::id}), "absent");
}

TEST(Column, HoldsNumbersOfItsTypeAlone) {
  EXPECT_EQ(read_a("9223372036854775807", Type::id), "9223372036854775807");
  EXPECT_EQ(read_a("2147483647", Type::count), "2147483647");
  EXPECT_EQ(read_a("2147483648", Type::count), "absent");
  EXPECT_EQ(read_a("-2147483649", Type::count), "absent");
}

TEST(Column, HoldsTimesFromTextsAndSeconds) {
  EXPECT_EQ(read_a("\"2026-01-02T03:04:05Z\"", Type::time), "\"2026-01-02T03:04:05.000Z\"");
  EXPECT_EQ(read_a("\"2026-01-02T03:04:05+02:00\"", Type::time), "\"2026-01-02T01:04:05.000Z\"");
  EXPECT_EQ(read_a("1556476093", Type::time), "\"2019-04-28T18:28:13.000Z\"");
  EXPECT_EQ(read_a("-1", Type::time), "absent");
  EXPECT_EQ(read_a("253402300800", Type::time), "absent");
}

// PostgreSQL refuses the year 0 and would refuse the page with it.
TEST(Column, LeavesOutTimesThatTheDatabaseRefuses) {
  EXPECT_EQ(read_a("\"0000-06-01T00:00:00Z\"", Type::time), "absent");
  EXPECT_EQ(read_a("\"0001-01-01T00:00:00+01:00\"", Type::time), "absent");
  EXPECT_EQ(read_a("\"0001-01-01T00:00:00Z\"", Type::time), "\"0001-01-01T00:00:00.000Z\"");
}

TEST(Column, CutsTextsAtTheBoundaryOfACharacter) {
  EXPECT_EQ(read_a("\"abcdef\"", Type::text, 6), "\"abcdef\"");
  EXPECT_EQ(read_a("\"abcdef\"", Type::text, 5), "\"abcde\"");
  EXPECT_EQ(read_a("\"abc\xc3\xa9\"", Type::text, 5), "\"abc\xc3\xa9\"");
  EXPECT_EQ(read_a("\"abc\xc3\xa9\"", Type::text, 4), "\"abc\"");
  EXPECT_EQ(read_a("\"a\xf0\x9f\x98\x80z\"", Type::text, 4), "\"a\"");
  EXPECT_EQ(read_a("\"a\xf0\x9f\x98\x80z\"", Type::text, 5), "\"a\xf0\x9f\x98\x80\"");
}

TEST(Column, ReplacesTheZeroCharacter) {
  EXPECT_EQ(read_a(R"("a\u0000b")", Type::text),
            "\"a\xef\xbf\xbd"
            "b\"");
  EXPECT_EQ(read_a(R"(["\u0000"])", Type::texts), "[\"\xef\xbf\xbd\"]");
  EXPECT_EQ(read_a(R"({"x":"\u0000","\u0000":1})", Type::document), "{\"x\":\"\xef\xbf\xbd\"}");
}

TEST(Column, HoldsTheTextsOfAList) {
  EXPECT_EQ(read_a(R"(["b",1,"a"])", Type::texts), R"(["b","a"])");
  EXPECT_EQ(read_a(R"(["abcdef"])", Type::texts, 3), R"(["abc"])");
  std::string many = "[\"x\"";
  for (std::size_t i = 0; i < texts_max; ++i)
    many += ",\"x\"";
  const auto value =
      read_column(testing::document("{\"a\":" + many + "]}"), {"a", "a", Type::texts});
  ASSERT_TRUE(value);
  EXPECT_EQ(value->size(), texts_max);
}

TEST(Column, HoldsADocumentWithoutItsSecrets) {
  EXPECT_EQ(read_a(R"({"url":"u","secret":"s","deep":[{"secret":1,"n":1.5,"t":true,"z":null}]})",
                   Type::document),
            R"({"deep":[{"n":1.5,"t":true,"z":null}],"url":"u"})");
  EXPECT_EQ(read_a("{\"x\":\"" + std::string(document_bytes_max, 'x') + "\"}", Type::document),
            "absent");
}

}  // namespace column_test
}  // namespace devy::records
