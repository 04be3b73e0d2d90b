#pragma once
// Tokens of ours, signed with a private RSA key (RS256): how a GitHub App proves who it is.
// Verifying others' is claims.hpp. Immutable once made; any thread.

#include <memory>
#include <string>
#include <string_view>

#include "core/base/clock.hpp"

struct evp_pkey_st;

namespace devy::token {

struct NewToken {
  std::string issuer;
  std::string audience = {}, subject = {}, key_id = {};  // empty: left out
  base::TimePoint issued_at, ends_at;
};

class Signer {
 public:
  // A private key in PEM without a passphrase. Throws Error(config, "key_unusable") when it is
  // none, or RSA below 2 048 bits or above 16 384. Nothing of the key is in the text.
  [[nodiscard]] static Signer from_pem(std::string_view pem);

  // In compact form. Throws Error(internal) when OpenSSL cannot sign.
  [[nodiscard]] std::string sign(const NewToken& token) const;

 private:
  struct Free {
    void operator()(evp_pkey_st* key) const;
  };
  explicit Signer(evp_pkey_st* key) : key_(key) {}
  std::unique_ptr<evp_pkey_st, Free> key_;
};

}  // namespace devy::token
