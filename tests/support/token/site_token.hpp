#pragma once
// A token of the site, signed with HS256 by hand: what a token may be is core/platform/token's
// tests' business. Pure but for the time; any thread.

#include <string>
#include <string_view>

namespace devy::testing {

// Issuer "https://devy.example", audience "devy-upload", the key's name "site". `id`: its jti;
// empty for none.
[[nodiscard]] std::string site_token(std::string_view secret, const std::string& subject,
                                     int life_seconds = 300, const std::string& id = {});

}  // namespace devy::testing
