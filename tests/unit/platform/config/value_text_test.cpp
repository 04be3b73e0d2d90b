#include "core/platform/config/value_text.hpp"

#include <gtest/gtest.h>

#include "core/platform/config/setting.hpp"

namespace devy::config {
namespace value_text_test {

TEST(Size, IsReadWithBinaryUnits) {
  EXPECT_EQ(parse_size("512KiB"), 512 * kibibyte);
  EXPECT_EQ(parse_size("128 MiB"), 128 * mebibyte);
  EXPECT_EQ(parse_size("7"), 7U);
  EXPECT_EQ(parse_size("0B"), 0U);
}

TEST(Size, RefusesWhatIsNoSize) {
  for (const auto* text :
       {"", "MiB", "-1", "1.5MiB", "8MB", "1 ", "1  KiB", "16777216TiB", "99999999999999999999"})
    EXPECT_FALSE(parse_size(text)) << text;
}

TEST(Size, IsWrittenWithTheLargestWholeUnit) {
  EXPECT_EQ(format_size(512 * kibibyte), "512KiB");
  EXPECT_EQ(format_size(mebibyte), "1MiB");
  EXPECT_EQ(format_size(1000), "1000B");
  EXPECT_EQ(format_size(0), "0B");
}

TEST(Size, IsReadBackAsWritten) {
  for (const std::uint64_t bytes : {0ULL, 1ULL, 1023ULL, 1024ULL, 1025ULL, 1ULL << 50, ~0ULL})
    EXPECT_EQ(parse_size(format_size(bytes)), bytes);
}

TEST(Quoted, EscapesWhatTomlForbids) {
  EXPECT_EQ(in_quotes("a\"b\\c\n\x7f"), R"("a\"b\\c\u000a\u007f")");
}

TEST(Assign, RefusesANulByte) {
  Config config;
  EXPECT_EQ(assign(*find_setting("database.conninfo"), config, Value{std::string("a\0b", 3)}),
            "must be a string");
}

}  // namespace value_text_test
}  // namespace devy::config
