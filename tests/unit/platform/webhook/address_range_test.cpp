#include "core/platform/webhook/address_range.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace devy::webhook {
namespace address_range_test {

bool holds(std::string_view range, const std::string& address) {
  const auto parsed = parse_range(range);
  return parsed && is_within(std::vector{*parsed}, address);
}

TEST(AddressRange, HoldsWhatItsBitsSay) {
  EXPECT_TRUE(holds("192.30.252.0/22", "192.30.252.0"));
  EXPECT_TRUE(holds("192.30.252.0/22", "192.30.255.255"));
  EXPECT_FALSE(holds("192.30.252.0/22", "192.31.0.0"));
  EXPECT_FALSE(holds("192.30.252.0/22", "192.30.251.255"));
  EXPECT_TRUE(holds("2a0a:a440::/29", "2a0a:a447:ffff::1"));
  EXPECT_FALSE(holds("2a0a:a440::/29", "2a0a:a448::"));
  EXPECT_TRUE(holds("10.0.0.1", "10.0.0.1"));
  EXPECT_FALSE(holds("10.0.0.1", "10.0.0.2"));
  EXPECT_TRUE(holds("0.0.0.0/0", "255.255.255.255"));
  EXPECT_FALSE(holds("0.0.0.0/0", "2a0a::1"));
}

TEST(AddressRange, KnowsAnAddressHoweverItIsSpelt) {
  EXPECT_TRUE(holds("192.30.252.0/22", "::ffff:192.30.252.1"));
  EXPECT_TRUE(holds("2A0A:A440:0::/29", "2a0a:a440:0:0::1"));
}

TEST(AddressRange, RefusesInvalidText) {
  for (const auto* text : {"", "/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0.0/",
                           "github.com", "10.0.0/8", "::/129"})
    EXPECT_FALSE(parse_range(text)) << text;
  EXPECT_FALSE(holds("0.0.0.0/0", ""));
  EXPECT_FALSE(holds("0.0.0.0/0", "nobody"));
}

}  // namespace address_range_test
}  // namespace devy::webhook
