#pragma once
// A pair of RSA keys in PEM, made once a test program. For tests only.

#include <string>

namespace devy::testing {

struct RsaKey {
  std::string private_pem, public_pem;
};
[[nodiscard]] const RsaKey& rsa_key(unsigned bits = 2048);

}  // namespace devy::testing
