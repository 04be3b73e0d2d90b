// Bytes go to a real PostgreSQL and come back in binary form.
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <limits>
#include <string>

#include "core/platform/pg/connection.hpp"
#include "tests/support/postgres/postgres.hpp"

namespace devy::pg {
namespace bytes_test {

class BytesSession : public ::testing::Test {
 protected:
  static std::string error_of(const std::function<void()>& act) {
    try {
      act();
    } catch (const base::Error& error) {
      return error.text();
    }
    return "nothing was thrown";
  }

  testing::TestDatabase database_;
  Connection connection_ = Connection::open(database_.conninfo(), {}, "test");
};

TEST_F(BytesSession, PassesBytesUnchanged) {
  const std::string bytes("\0\x01\\x\"{,}\xff", 9);
  constexpr Statement same{"same", "select $1::bytea = $2::bytea as same"};
  EXPECT_TRUE(
      connection_.one(same, Params(Bytes{bytes}, "\\x00015c78227b2c7dff"))[0].boolean("same"));
  constexpr Statement list{"list", R"sql(
    select cardinality($1::bytea[]) as count, ($1::bytea[])[2] = $2::bytea as same,
           ($1::bytea[])[1] = '' as is_empty)sql"};
  const auto row = connection_.one(list, Params(std::vector<Bytes>{{""}, {bytes}}, Bytes{bytes}));
  EXPECT_EQ(row[0].integer("count"), 2);
  EXPECT_TRUE(row[0].boolean("same") && row[0].boolean("is_empty"));
  EXPECT_EQ(connection_.one(list, Params(std::vector<Bytes>{}, std::nullopt))[0].integer("count"),
            0);
}

constexpr Statement echo_bytes{"echo_bytes", "select $1::bytea as bytes", false, true};

TEST_F(BytesSession, ReturnsBytesUnchanged) {
  std::string every_byte;
  for (int value = 0; value < 256; ++value)
    every_byte += static_cast<char>(value);
  std::string large;
  while (large.size() <= (std::size_t{1} << 20U))
    large += every_byte;
  for (const auto& bytes : {std::string(), std::string(1, '\0'), every_byte, large}) {
    const auto rows = connection_.one(echo_bytes, Params(Bytes{bytes}));
    EXPECT_FALSE(rows[0].is_null("bytes"));
    EXPECT_TRUE(rows[0].bytes("bytes") == bytes) << bytes.size();
  }
  const auto none = connection_.one(echo_bytes, Params(std::nullopt));
  EXPECT_TRUE(none[0].is_null("bytes"));
  EXPECT_EQ(none[0].bytes("bytes"), "");
}

TEST_F(BytesSession, ReadsTextsAndIntegersBesideBytes) {
  constexpr Statement row{"row", R"sql(
    select '\xff'::bytea as bytes, 'ä'::text as text, null::text as none, (-2)::smallint as small,
           (-2147483648)::integer as medium, 9223372036854775807 as large, 1.5::float8 as real)sql",
                          false, true};
  const auto rows = connection_.one(row);
  EXPECT_EQ(rows[0].bytes("bytes"), "\xff");
  EXPECT_EQ(rows[0].text("text"), "ä");
  EXPECT_EQ(rows[0].maybe_text("none"), std::nullopt);
  EXPECT_EQ(rows[0].integer("small"), -2);
  EXPECT_EQ(rows[0].integer("medium"), std::numeric_limits<std::int32_t>::min());
  EXPECT_EQ(rows[0].integer("large"), std::numeric_limits<std::int64_t>::max());
  for (const char* column : {"real", "text", "bytes"})
    EXPECT_EQ(error_of([&] { static_cast<void>(rows[0].integer(column)); }),
              std::string("unable to read the answer of 'row': column '") + column +
                  "' is not an integer");
  EXPECT_EQ(error_of([&] { static_cast<void>(rows[0].text("bytes")); }),
            "unable to read the answer of 'row': column 'bytes' is not a text");
}

// As text it would have to be decoded: whoever wants bytes says so in the statement.
TEST_F(BytesSession, RefusesBytesThatCameAsText) {
  constexpr Statement as_text{"as_text", "select '\\xff'::bytea as bytes"};
  const auto rows = connection_.one(as_text);
  EXPECT_EQ(rows[0].text("bytes"), "\\xff");
  EXPECT_EQ(error_of([&] { static_cast<void>(rows[0].bytes("bytes")); }),
            "unable to read the answer of 'as_text': column 'bytes' is not a bytea in binary form");
}

TEST_F(BytesSession, ReturnsBytesOfAPreparedStatement) {
  constexpr Statement often{"often", "select '\\x00ff'::bytea as bytes", true, true};
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(connection_.one(often)[0].bytes("bytes"), std::string("\0\xff", 2));
}

}  // namespace bytes_test
}  // namespace devy::pg
