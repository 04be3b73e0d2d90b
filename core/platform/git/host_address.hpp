#pragma once
// Classifies the host of an address: a name, or a literal address of some kind. Names are not
// resolved here; git.url_hosts decides about them. Pure; any thread.

#include <string_view>

namespace devy::git {

enum class HostKind {
  name,
  public_address,
  private_address,  // loopback, link-local, RFC 1918, unique local, and names that mean this
                    // machine
  malformed,        // among others `2130706433` and `0x7f.1`, which resolvers take for 127.0.0.1
};

// `host` is in lower case; an IPv6 literal is in brackets.
[[nodiscard]] HostKind classify_host(std::string_view host);

}  // namespace devy::git
