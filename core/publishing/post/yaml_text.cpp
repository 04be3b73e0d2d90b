#include "core/publishing/post/yaml_text.hpp"

namespace devy::post {
namespace {

constexpr std::string_view blanks = " \t";

std::size_t skip_blanks(std::string_view text, std::size_t at) {
  const auto found = text.find_first_not_of(blanks, at);
  return found == std::string_view::npos ? text.size() : found;
}

// Where the colon of a key is: the first one that ends the line or has a space behind it.
std::optional<std::size_t> find_colon(std::string_view text, std::size_t at) {
  if (at < text.size() && (text[at] == '"' || text[at] == '\'')) {
    const auto length = quoted_length(text.substr(at));
    if (!length) return std::nullopt;
    at = skip_blanks(text, at + *length);
    return at < text.size() && text[at] == ':' ? std::optional(at) : std::nullopt;
  }
  for (at = text.find(':', at); at != std::string_view::npos; at = text.find(':', at + 1))
    if (at + 1 == text.size() || blanks.find(text[at + 1]) != std::string_view::npos) return at;
  return std::nullopt;
}

}  // namespace

std::optional<std::size_t> quoted_length(std::string_view text) {
  const char quote = text.front();
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (quote == '"' && text[at] == '\\') {
      ++at;
    } else if (text[at] == quote) {
      const bool is_doubled = quote == '\'' && at + 1 < text.size() && text[at + 1] == quote;
      if (!is_doubled) return at + 1;
      ++at;
    }
  }
  return std::nullopt;
}

YamlText::YamlText(std::string_view block) : block_(block) {
  for (std::size_t at = 0; at < block.size();) {
    begins_.push_back(at);
    const auto end = block.find('\n', at);
    at = end == std::string_view::npos ? block.size() : end + 1;
  }
}

YamlLine YamlText::line(std::size_t index) const {
  YamlLine line;
  if (index >= begins_.size()) return line;
  const auto end = index + 1 < begins_.size() ? begins_[index + 1] : block_.size();
  line.text = block_.substr(begins_[index], end - begins_[index]);
  line.text = line.text.substr(0, line.text.find_last_not_of(" \t\r\n") + 1);
  line.indent = skip_blanks(line.text, 0);
  line.value = line.indent;
  while (line.text.substr(line.value).starts_with("- ")) {
    line.has_dash = true;
    line.value = skip_blanks(line.text, line.value + 1);
  }
  if (line.text.substr(line.value) == "-") line.has_dash = true;
  if (const auto colon = find_colon(line.text, line.value)) {
    line.has_key = true;
    line.value = skip_blanks(line.text, *colon + 1);
  }
  return line;
}

std::string_view YamlText::from(markdown::Place place) const {
  const std::size_t index = place.line - 2;
  if (place.line < 2 || index >= begins_.size()) return {};
  const auto at = begins_[index] + place.column - 1;
  return at < block_.size() ? block_.substr(at) : std::string_view();
}

markdown::Place YamlText::place(std::size_t index, std::size_t offset) {
  // The block's first line is the file's second.
  return {static_cast<std::uint32_t>(index + 2), static_cast<std::uint32_t>(offset + 1)};
}

}  // namespace devy::post
