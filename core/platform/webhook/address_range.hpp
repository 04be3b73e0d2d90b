#pragma once
// Ranges of network addresses, in the form in which GitHub lists those it sends from. Pure; any
// thread.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace devy::webhook {

// IPv4 addresses are stored in their IPv6 form, so that both compare alike.
using AddressBytes = std::array<std::uint8_t, 16>;

[[nodiscard]] std::optional<AddressBytes> parse_address(const std::string& text);

// The network whose addresses one person can be taken to have all of: an IPv4 address alone, or the
// /64 of an IPv6 address. A name for limits, and equal for equal networks.
[[nodiscard]] std::string network_of(const AddressBytes& address);

struct AddressRange {
  AddressBytes first{};
  int bits = 128;  // the number of leading bits that must match

  [[nodiscard]] bool contains(const AddressBytes& address) const;
};

// Parses "192.30.252.0/22", "2a0a:a440::/29", or a single address.
[[nodiscard]] std::optional<AddressRange> parse_range(std::string_view text);

[[nodiscard]] bool is_within(std::span<const AddressRange> ranges, const std::string& address);

}  // namespace devy::webhook
