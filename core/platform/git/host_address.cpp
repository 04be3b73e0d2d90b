#include "core/platform/git/host_address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>

#include "core/platform/base/ascii.hpp"

namespace devy::git {
namespace {

bool is_private(std::uint32_t address) {
  struct Range {
    std::uint32_t network;
    unsigned prefix_bits;
  };
  static constexpr Range ranges[] = {
      {0x00000000U, 8},   // this network
      {0x0a000000U, 8},   // RFC 1918
      {0x64400000U, 10},  // carrier-grade NAT
      {0x7f000000U, 8},   // loopback
      {0xa9fe0000U, 16},  // link-local, cloud metadata
      {0xac100000U, 12},  // RFC 1918
      {0xc0a80000U, 16},  // RFC 1918
      {0xe0000000U, 3},   // multicast and reserved
  };
  return std::ranges::any_of(ranges, [&](const Range& range) {
    return (address ^ range.network) >> (32U - range.prefix_bits) == 0;
  });
}

bool is_private(const in6_addr& address) {
  const auto* bytes = address.s6_addr;
  // Global unicast is 2000::/3. All else, and what embeds an IPv4 address (6to4, Teredo, NAT64),
  // may lead back here.
  const bool is_global = (bytes[0] & 0xe0U) == 0x20;
  const bool is_embedding =
      bytes[0] == 0x20 &&
      (bytes[1] == 0x02 || (bytes[1] == 0x01 && bytes[2] == 0 && bytes[3] == 0));
  return !is_global || is_embedding;
}

HostKind classify_ipv6_literal(std::string_view host) {
  in6_addr address{};
  if (!host.ends_with(']') || host.size() < 4) return HostKind::malformed;
  const std::string text(host.substr(1, host.size() - 2));
  if (inet_pton(AF_INET6, text.c_str(), &address) != 1) return HostKind::malformed;
  return is_private(address) ? HostKind::private_address : HostKind::public_address;
}

}  // namespace

HostKind classify_host(std::string_view host) {
  if (host.starts_with('[')) return classify_ipv6_literal(host);
  in_addr address{};
  if (inet_pton(AF_INET, std::string(host).c_str(), &address) == 1)
    return is_private(ntohl(address.s_addr)) ? HostKind::private_address : HostKind::public_address;
  const bool is_name = host.size() <= 253 && base::is_word_of(host, "-._");
  if (!is_name || host.starts_with('.') || host.find("..") != host.npos) return HostKind::malformed;
  // A last label that begins with a digit makes resolvers read the whole as a number.
  const auto last = host.substr(host.rfind('.') + 1);
  if (last.empty() || base::is_digit(last[0])) return HostKind::malformed;
  if (host == "localhost" || host.ends_with(".localhost")) return HostKind::private_address;
  return HostKind::name;
}

}  // namespace devy::git
