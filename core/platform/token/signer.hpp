#pragma once
// Tokens signed by us with a private RSA key (RS256), with which a GitHub App identifies itself.
// claims.hpp verifies tokens of others. Immutable after construction; any thread.

#include <memory>
#include <string>
#include <string_view>

#include "core/platform/base/clock.hpp"

struct evp_pkey_st;

namespace devy::token {

struct NewToken {
  std::string issuer;
  std::string audience = {}, subject = {}, key_id = {};  // empty: left out
  base::TimePoint issued_at, ends_at;
};

class Signer {
 public:
  // Reads a private key in PEM without a passphrase. Throws Error(config, "key_unusable") when it
  // is not one, or RSA below 2 048 bits or above 16 384. The text contains nothing of the key.
  [[nodiscard]] static Signer from_pem(std::string_view pem);

  // Returns the token in compact form. Throws Error(internal) when OpenSSL cannot sign.
  [[nodiscard]] std::string sign(const NewToken& token) const;

 private:
  struct Free {
    void operator()(evp_pkey_st* key) const;
  };
  explicit Signer(evp_pkey_st* key) : key_(key) {}
  std::unique_ptr<evp_pkey_st, Free> key_;
};

}  // namespace devy::token
