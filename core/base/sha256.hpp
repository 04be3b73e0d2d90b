#pragma once
// SHA-256, by OpenSSL: what assets are known by. Throws Error(internal) when OpenSSL has none. Any
// thread; a stream one at a time.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace devy::base {

using Sha256 = std::array<std::uint8_t, 32>;

[[nodiscard]] Sha256 sha256(std::string_view bytes);
// 64 lower-case hexadecimal digits.
[[nodiscard]] std::string to_hex(const Sha256& digest);
[[nodiscard]] std::optional<Sha256> parse_sha256(std::string_view hex);

// Of many fields one after another; where one ends is part of it. Not copied.
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(const Sha256Stream&) = delete;
  Sha256Stream& operator=(const Sha256Stream&) = delete;
  void field(std::string_view bytes);
  // Once, at the end.
  [[nodiscard]] Sha256 finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace devy::base
