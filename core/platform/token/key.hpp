#pragma once
// The keys with which tokens are verified. The algorithm is a property of the key, never of the
// token. Immutable after construction, so any thread may use one.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/secret.hpp"

struct evp_pkey_st;

namespace devy::token {

inline constexpr int rsa_bits_min = 2048, rsa_bits_max = 16'384;

enum class Algorithm { rs256, es256, hs256 };
[[nodiscard]] std::string_view to_string(Algorithm algorithm);
[[nodiscard]] std::optional<Algorithm> parse_algorithm(std::string_view text);

class Key {
 public:
  // Reads a PEM public key. Throws Error(config) when it is not one for that algorithm, or RSA
  // below 2 048 bits or above 16 384.
  [[nodiscard]] static Key from_pem(std::string_view pem, Algorithm algorithm);
  // Takes a shared secret of at least 32 bytes, for HS256.
  [[nodiscard]] static Key from_secret(base::Secret secret);
  // Takes the numbers of a JSON Web Key, big-endian.
  [[nodiscard]] static Key from_rsa(std::string_view modulus, std::string_view exponent);
  [[nodiscard]] static Key from_p256(std::string_view x, std::string_view y);

  [[nodiscard]] Algorithm algorithm() const { return algorithm_; }
  [[nodiscard]] bool has_signed(std::string_view message, std::string_view signature) const;

  std::optional<base::TimePoint> ends_at;  // not valid from then on

 private:
  struct Free {
    void operator()(evp_pkey_st* key) const;
  };
  Key(Algorithm algorithm, evp_pkey_st* key);

  Algorithm algorithm_;
  std::unique_ptr<evp_pkey_st, Free> key_;
  base::Secret secret_;
};

// Keys by the name that tokens use for them (kid).
// The keys are shared by the rings that replace each other.
using Keys = std::map<std::string, std::shared_ptr<const Key>, std::less<>>;

// Allows letters, digits, '_' and '-', at most 64 of them: never a path, a query or an address.
[[nodiscard]] bool is_key_id(std::string_view text);

}  // namespace devy::token
