#pragma once
// Names of files as people give them (files.md, section 6): never a path, a key or a raw header.
// Pure; any thread.

#include <string>
#include <string_view>

namespace devy::intake {

inline constexpr std::size_t file_name_bytes_max = 255;

// Returns the name in Unicode's form NFC. Throws Error(rejected, "name_refused"): not UTF-8, empty,
// longer than 255 bytes, '/', '\', control characters, characters that turn the direction of
// writing, or nothing but blanks and dots.
[[nodiscard]] std::string file_name(std::string_view given);

// The value of Content-Disposition: `attachment; filename="a_b.txt"; filename*=UTF-8''a%C3%A4b.txt`
// (RFC 6266). `kind` is "attachment" or "inline".
[[nodiscard]] std::string content_disposition(std::string_view kind, std::string_view name);

}  // namespace devy::intake
