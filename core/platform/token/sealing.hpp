#pragma once
// Secrets that have to be stored for a while, such as a user's token of GitHub, encrypted under the
// key of a file (AES-256-GCM, RFC 5116, with a random nonce for each). Whoever has the database and
// not the file has nothing. Immutable after construction; any thread.
//
// A key file has base64 of 32 bytes as its first line, and mode 0600 (`devy-upload config key`).

#include <cstddef>
#include <string>
#include <string_view>

#include "core/platform/base/random.hpp"
#include "core/platform/base/secret.hpp"

namespace devy::token {

inline constexpr std::size_t sealing_key_bytes = 32;
// The nonce in front and the code behind make a sealed text longer by this.
inline constexpr std::size_t seal_bytes = 12 + 16;

// The 32 bytes of a key file. Throws Error(config), code "key_file_unusable", when it is missing,
// its mode is wider than 0600, or its first line is not base64 of 32 bytes.
[[nodiscard]] base::Secret read_key_file(const std::string& path);

class SealingKey {
 public:
  // Throws what read_key_file() throws.
  [[nodiscard]] static SealingKey from_file(const std::string& path);
  // 32 bytes.
  explicit SealingKey(base::Secret key) : key_(std::move(key)) {}

  // Encrypts a text. `purpose` says what it is sealed for, such as the id of its row: it opens for
  // nothing else. It is not part of the result.
  [[nodiscard]] std::string seal(std::string_view text, std::string_view purpose) const;
  // Throws Error(config), code "seal_broken", when it was sealed with another key or for another
  // purpose, or was changed.
  [[nodiscard]] base::Secret open(std::string_view sealed, std::string_view purpose) const;

 private:
  base::Secret key_;
};

// Makes a key file, mode 0600. Throws Error(conflict) when there is a file already: another key
// would make worthless what is sealed with the old one. Throws Error(config) when it cannot be
// written.
void make_key_file(const std::string& path, base::Random& random);

}  // namespace devy::token
