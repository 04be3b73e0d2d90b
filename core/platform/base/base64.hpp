#pragma once
// Base64 (RFC 4648): that of URLs, without padding, for tokens; the usual one, with padding, for
// keys in files. Reading is strict, so that a value has one spelling. Pure; any thread.

#include <optional>
#include <string>
#include <string_view>

namespace devy::base {

[[nodiscard]] std::string encode_base64url(std::string_view bytes);
// Accepts no padding, no white space, and no unused bits that are set.
[[nodiscard]] std::optional<std::string> decode_base64url(std::string_view text);

[[nodiscard]] std::string encode_base64(std::string_view bytes);
// Accepts the padding that belongs there, no white space, and no unused bits that are set.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);

}  // namespace devy::base
