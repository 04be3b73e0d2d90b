#include "core/publishing/markdown/reader_text.hpp"

#include <algorithm>
#include <array>

namespace devy::markdown {
namespace {

unsigned char byte_at(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}

// U+FDD0 … U+FDEF, and the last two characters of each plane.
bool is_noncharacter(std::string_view text) {
  const auto lead = byte_at(text, 0);
  if (lead == 0xef) {
    const auto second = byte_at(text, 1);
    const auto third = byte_at(text, 2);
    return (second == 0xb7 && third >= 0x90 && third <= 0xaf) || (second == 0xbf && third >= 0xbe);
  }
  return lead >= 0xf0 && (byte_at(text, 1) & 0xfU) == 0xf && byte_at(text, 2) == 0xbf &&
         byte_at(text, 3) >= 0xbe;
}

// Tells of each byte whether an unparsable character may begin with it.
constexpr std::array<bool, 256> may_be_unparsable = [] {
  std::array<bool, 256> may{};
  for (std::size_t byte = 0; byte < 256; ++byte)
    may[byte] = (byte < 0x20 && byte != '\n' && byte != '\t' && byte != '\r' && byte != '\f') ||
                byte == 0x7f || byte == 0xc2 || byte == 0xef || byte >= 0xf0;
  return may;
}();

}  // namespace

std::size_t unwanted_bytes(std::string_view text) {
  const auto lead = byte_at(text, 0);
  if (lead < 0x20) return lead == '\n' || lead == '\t' ? 0 : 1;
  if (lead < 0x7f) return 0;
  if (lead == 0x7f) return 1;
  if (lead == 0xc2) return byte_at(text, 1) < 0xa0 ? 2 : 0;
  if (lead == 0xe2) {
    const auto third = byte_at(text, 2);
    return byte_at(text, 1) == 0x80 && third >= 0xaa && third <= 0xae ? 3 : 0;
  }
  if (lead >= 0xfe) return 1;
  if (lead < 0xef || !is_noncharacter(text)) return 0;
  return lead == 0xef ? 3 : 4;
}

std::optional<std::string> without_unparsable(std::string_view text) {
  std::optional<std::string> out;
  std::size_t kept = 0;  // all before it is in `out`
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!may_be_unparsable[static_cast<unsigned char>(text[at])]) continue;
    const auto bytes = unwanted_bytes(text.substr(at, 4));
    if (bytes == 0) continue;
    if (!out) out.emplace();
    out->append(text, kept, at - kept);
    kept = at + bytes;
    at = kept - 1;
  }
  if (out) out->append(text, kept);
  return out;
}

}  // namespace devy::markdown
