#pragma once
// SHA-256, by OpenSSL: what assets are known by. Pure; any thread.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace devy::base {

using Sha256 = std::array<std::uint8_t, 32>;

[[nodiscard]] Sha256 sha256(std::string_view bytes);
// 64 lower-case hexadecimal digits.
[[nodiscard]] std::string to_hex(const Sha256& digest);

}  // namespace devy::base
