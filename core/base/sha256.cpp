#include "core/base/sha256.hpp"

#include <openssl/evp.h>

#include "core/base/error.hpp"

namespace devy::base {

Sha256 sha256(std::string_view bytes) {
  Sha256 digest{};
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1)
    throw Error(ErrorKind::internal, "unable to compute a SHA-256 digest");
  return digest;
}

std::string to_hex(const Sha256& digest) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  hex.reserve(digest.size() * 2);
  for (const auto byte : digest) {
    hex += digits[byte >> 4U];
    hex += digits[byte & 15U];
  }
  return hex;
}

}  // namespace devy::base
