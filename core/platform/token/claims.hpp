#pragma once
// Tokens of the API: JSON Web Tokens in compact form, verified by the rules of RFC 8725. A token's
// own statements decide nothing: the key it names must be one of ours, and the algorithm is that of
// the key. Addresses of keys (jku, x5u) and keys (jwk) inside a token are never used.

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "core/platform/base/clock.hpp"
#include "core/platform/token/key.hpp"

namespace devy::token {

inline constexpr std::size_t token_bytes_max = std::size_t{8} * 1024;
inline constexpr std::size_t token_id_bytes_max = 128;

struct Rules {
  std::string issuer, audience;
  std::chrono::seconds leeway{60};
  std::chrono::seconds life_max{600};
};

struct Claims {
  std::string subject;
  std::string key;  // the key it was signed with
  // The token's own id (jti); empty when it has none. The caller checks whether it was denied.
  std::string id;
};

// Tells whether a text can be a token's id (jti): visible ASCII, at most token_id_bytes_max.
[[nodiscard]] bool is_token_id(std::string_view text);

// Throws Error(denied) with one of the codes token_malformed, token_algorithm, token_key,
// token_signature, token_expired, token_claims. The text contains nothing of the token. Any thread.
[[nodiscard]] Claims verify(std::string_view token, const Keys& keys, const Rules& rules,
                            base::TimePoint now);

}  // namespace devy::token
