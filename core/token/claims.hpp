#pragma once
// Tokens of the API: JSON Web Tokens in compact form, verified by the rules of RFC 8725. What a
// token says of itself decides nothing: the key it names must be ours, and the algorithm is the
// key's. Addresses of keys (jku, x5u) and keys (jwk) inside a token are never looked at.

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/clock.hpp"
#include "core/token/key.hpp"

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
  std::string key;  // which key it was signed with
  std::string
      id;  // its own (jti); empty: it has none. Whether it was denied is the caller's to ask
};

// What can be a token's own id (jti): visible ASCII, at most token_id_bytes_max.
[[nodiscard]] bool is_token_id(std::string_view text);

// Throws Error(denied) with one of the codes token_malformed, token_algorithm, token_key,
// token_signature, token_expired, token_claims. Nothing of the token is in the text. Any thread.
[[nodiscard]] Claims verify(std::string_view token, const Keys& keys, const Rules& rules,
                            base::TimePoint now);

}  // namespace devy::token
