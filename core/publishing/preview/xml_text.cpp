#include "core/publishing/preview/xml_text.hpp"

#include <cstddef>

#include "core/platform/base/safe_text.hpp"

namespace devy::preview {
namespace {

// The production Char of XML 1.0, for one valid UTF-8 character.
bool is_xml_character(std::string_view character) {
  if (character.size() == 1) {
    const auto byte = static_cast<unsigned char>(character[0]);
    return byte >= 0x20 || byte == '\t' || byte == '\n' || byte == '\r';
  }
  return character != "\xef\xbf\xbe" && character != "\xef\xbf\xbf";
}

}  // namespace

std::string xml_text(std::string_view text) {
  std::string xml;
  xml.reserve(text.size());
  while (!text.empty()) {
    const auto bytes = base::utf8_length(text);
    const auto character = text.substr(0, bytes);
    text.remove_prefix(bytes == 0 ? 1 : bytes);
    if (bytes == 0 || !is_xml_character(character)) continue;
    switch (character[0]) {
      case '&': xml += "&amp;"; break;
      case '<': xml += "&lt;"; break;
      case '>': xml += "&gt;"; break;
      case '"': xml += "&quot;"; break;
      case '\r': xml += "&#13;"; break;  // a parser would make a line end of it
      default: xml += character; break;
    }
  }
  return xml;
}

}  // namespace devy::preview
