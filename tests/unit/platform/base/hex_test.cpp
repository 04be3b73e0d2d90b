#include "core/platform/base/hex.hpp"

#include <gtest/gtest.h>

#include <array>

#include "core/platform/base/percent.hpp"

namespace devy::base {
namespace hex_test {

std::array<std::uint8_t, 256> every_byte() {
  std::array<std::uint8_t, 256> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<std::uint8_t>(i);
  return bytes;
}

TEST(Hex, ReadsBackEveryByte) {
  const auto bytes = every_byte();
  const auto hex = to_hex(bytes);
  EXPECT_EQ(hex.substr(0, 8), "00010203");
  EXPECT_EQ(hex.substr(hex.size() - 6), "fdfeff");
  std::array<std::uint8_t, 256> read{};
  EXPECT_TRUE(read_hex(hex, read));
  EXPECT_EQ(read, bytes);
}

TEST(Hex, ReadsDigitsOfEitherCase) {
  std::array<std::uint8_t, 2> read{};
  EXPECT_TRUE(read_hex("aBCd", read));
  EXPECT_EQ(to_hex(read), "abcd");
}

TEST(Hex, RefusesWhatIsNotTwoDigitsAByte) {
  std::array<std::uint8_t, 2> read{};
  for (const char* hex : {"", "abc", "abcde", "abcg", "ab d", "-bcd", "0x12"})
    EXPECT_FALSE(read_hex(hex, read)) << hex;
}

TEST(Hex, KnowsTheValueOfDigitsOnly) {
  int digits = 0;
  for (int value = 0; value < 256; ++value)
    digits += hex_value(static_cast<char>(value)) >= 0 ? 1 : 0;
  EXPECT_EQ(digits, 22);
  EXPECT_EQ(hex_value('F'), 15);
  EXPECT_FALSE(is_lower_hex('F'));
  EXPECT_TRUE(is_lower_hex('f'));
  EXPECT_FALSE(is_lower_hex('g'));
}

TEST(Hex, KnowsWhatMayBeginAUuid) {
  EXPECT_TRUE(is_uuid_prefix("0f-"));
  EXPECT_FALSE(is_uuid_prefix("0F"));
  EXPECT_FALSE(is_uuid_prefix("notes"));
}

TEST(Percent, ReadsBackEveryByte) {
  std::string encoded, bytes;
  for (const auto byte : every_byte()) {
    append_percent_encoded(encoded, static_cast<char>(byte));
    bytes += static_cast<char>(byte);
  }
  EXPECT_EQ(encoded.substr(encoded.size() - 6), "%FE%FF");
  EXPECT_EQ(percent_decoded(encoded), bytes);
}

TEST(Percent, LeavesAPercentSignThatBeginsNoEscape) {
  for (const char* text : {"%", "100%", "%2", "%g0", "%0g", "%%"})
    EXPECT_EQ(percent_decoded(text), text);
  EXPECT_EQ(percent_decoded("%%41%zz%2f"), "%A%zz/");
}

}  // namespace hex_test
}  // namespace devy::base
