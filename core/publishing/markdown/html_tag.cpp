#include "core/publishing/markdown/html_tag.hpp"

#include "core/platform/base/ascii.hpp"

namespace devy::markdown {
namespace {

bool is_blank(char byte) {
  return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r' || byte == '\f';
}

std::string_view read_tag_name(std::string_view& html) {
  std::size_t length = 0;
  while (length < html.size() && !is_blank(html[length]) && html[length] != '>' &&
         html[length] != '/')
    ++length;
  const auto name = html.substr(0, length);
  html.remove_prefix(length);
  return name;
}

// Takes the rest of a tag and returns the number of words in it: at least the number of attributes,
// not counting attributes that have no blank between them.
std::size_t read_attributes(std::string_view& html) {
  std::size_t words = 0;
  char quote = 0;
  bool was_separator = false;
  std::size_t at = 0;
  for (; at < html.size() && (quote != 0 || html[at] != '>'); ++at) {
    const char byte = html[at];
    if (quote != 0) {
      if (byte == quote) {
        quote = 0;
        was_separator = true;
      }
      continue;
    }
    const bool is_separator = is_blank(byte) || byte == '/';
    if (was_separator && !is_separator) ++words;
    was_separator = is_separator;
    if (byte == '"' || byte == '\'') quote = byte;
  }
  html.remove_prefix(at);
  return words;
}

}  // namespace

bool begins_tag(std::string_view html) {
  if (!html.starts_with('<')) return false;
  html.remove_prefix(html.starts_with("</") ? 2 : 1);
  return !html.empty() && base::is_letter(html[0]);
}

std::optional<TagText> read_tag(std::string_view& html) {
  for (auto at = html.find('<'); at != std::string_view::npos; at = html.find('<', 1)) {
    html.remove_prefix(at);
    if (!begins_tag(html)) continue;
    TagText tag;
    tag.is_end = html.starts_with("</");
    html.remove_prefix(tag.is_end ? 2 : 1);
    tag.name = read_tag_name(html);
    const auto* const rest = html.data();
    tag.words = read_attributes(html);
    tag.is_self_closing = html.data() != rest && html.data()[-1] == '/' && html.starts_with('>');
    return tag;
  }
  return std::nullopt;
}

}  // namespace devy::markdown
