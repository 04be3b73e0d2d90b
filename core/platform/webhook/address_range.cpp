#include "core/platform/webhook/address_range.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

#include "core/platform/base/hex.hpp"

namespace devy::webhook {
namespace {

constexpr int mapped_bits = 96;  // of IPv4 in IPv6's form

}  // namespace

std::optional<AddressBytes> parse_address(const std::string& text) {
  AddressBytes bytes{};
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) return bytes;
  if (inet_pton(AF_INET, text.c_str(), bytes.data() + mapped_bits / 8) != 1) return std::nullopt;
  bytes[10] = bytes[11] = 0xff;
  return bytes;
}

std::string network_of(const AddressBytes& address) {
  constexpr AddressRange mapped{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, mapped_bits};
  constexpr std::size_t prefix_bytes = 8;
  const std::span bytes(address);
  return base::to_hex(mapped.contains(address) ? bytes.subspan(mapped_bits / 8)
                                               : bytes.first(prefix_bytes));
}

bool AddressRange::contains(const AddressBytes& address) const {
  const auto whole = static_cast<std::size_t>(bits / 8);
  if (!std::equal(first.begin(), first.begin() + static_cast<std::ptrdiff_t>(whole),
                  address.begin()))
    return false;
  if (bits % 8 == 0) return true;
  const auto mask = static_cast<std::uint8_t>(0xff00U >> static_cast<unsigned>(bits % 8));
  return (first[whole] & mask) == (address[whole] & mask);
}

std::optional<AddressRange> parse_range(std::string_view text) {
  const auto slash = std::min(text.find('/'), text.size());
  const std::string host(text.substr(0, slash));
  const auto address = parse_address(host);
  if (!address) return std::nullopt;
  AddressRange range{*address, 128};
  if (slash == text.size()) return range;
  const auto number = text.substr(slash + 1);
  int bits = 0;
  const auto result = std::from_chars(number.data(), number.data() + number.size(), bits);
  const int above = host.find(':') == std::string::npos ? mapped_bits : 0;
  if (result.ec != std::errc() || result.ptr != number.data() + number.size() || bits < 0 ||
      bits + above > 128)
    return std::nullopt;
  range.bits = bits + above;
  return range;
}

bool is_within(std::span<const AddressRange> ranges, const std::string& address) {
  const auto bytes = parse_address(address);
  return bytes && std::any_of(ranges.begin(), ranges.end(),
                              [&](const auto& range) { return range.contains(*bytes); });
}

}  // namespace devy::webhook
