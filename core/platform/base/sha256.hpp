#pragma once
// SHA-256 by OpenSSL; assets are identified by it. Throws Error(internal) when OpenSSL does not
// provide it. Any thread; a stream belongs to one thread at a time.

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

namespace devy::base {

using Sha256 = std::array<std::uint8_t, 32>;

[[nodiscard]] Sha256 sha256(std::string_view bytes);

// Digests many fields in order; the boundaries between fields are part of the digest. Not copyable.
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(const Sha256Stream&) = delete;
  Sha256Stream& operator=(const Sha256Stream&) = delete;
  void field(std::string_view bytes);
  // Call it once, at the end.
  [[nodiscard]] Sha256 finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace devy::base
