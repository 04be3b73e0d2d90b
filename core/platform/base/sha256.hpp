#pragma once
// SHA-256 by OpenSSL; assets are identified by it, and tokens are known by it. Throws
// Error(internal) when OpenSSL does not provide it. Any thread; a stream belongs to one thread at a
// time.

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

namespace devy::base {

using Sha256 = std::array<std::uint8_t, 32>;

[[nodiscard]] Sha256 sha256(std::string_view bytes);

// The authentication code of a text by a key (RFC 2104).
[[nodiscard]] Sha256 hmac_sha256(std::string_view key, std::string_view text);

// Compares what may be secret: how long it takes tells nothing of where two texts differ.
[[nodiscard]] bool is_same_secret(std::string_view a, std::string_view b);

// The bytes of a digest as text, for what is made of them.
[[nodiscard]] inline std::string_view view_of(const Sha256& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

// Digests many fields in order; the boundaries between fields are part of the digest. Not copyable.
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(const Sha256Stream&) = delete;
  Sha256Stream& operator=(const Sha256Stream&) = delete;
  void field(std::string_view bytes);
  // Adds bytes without a boundary: the digest of the whole is that of sha256().
  void add(std::string_view bytes);
  // Call it once, at the end.
  [[nodiscard]] Sha256 finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace devy::base
