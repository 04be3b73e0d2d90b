#include "core/publishing/markdown/math_scan.hpp"

#include "core/platform/base/ascii.hpp"

namespace devy::markdown {
namespace {

constexpr std::string_view display = "$$";
constexpr std::string_view math_blanks = " \t\r\n";

bool is_math_blank(char byte) {
  return math_blanks.find(byte) != std::string_view::npos;
}

bool is_all_blank(std::string_view text) {
  return text.find_first_not_of(math_blanks) == std::string_view::npos;
}

// Where `end` comes next, not behind a backslash.
std::size_t find_unescaped(std::string_view text, std::size_t at, std::string_view end) {
  while (true) {
    at = text.find_first_of("\\$", at);
    if (at == std::string_view::npos || text.substr(at).starts_with(end)) return at;
    at += text[at] == '\\' ? 2U : 1U;
    if (at >= text.size()) return std::string_view::npos;
  }
}

// A price in a link, a code span or a cell of a table, and another behind it, are no formula.
bool is_in_one_piece(std::string_view content) {
  int brackets = 0;
  std::size_t backticks = 0;
  for (const char byte : content) {
    if (byte == '[') ++brackets;
    if (byte == ']' && --brackets < 0) return false;
    if (byte == '`') ++backticks;
  }
  return backticks % 2 == 0 && content.find("</") == std::string_view::npos;
}

std::optional<Formula> find_display(std::string_view text, std::size_t at) {
  const auto begin = at + display.size();
  const auto end = find_unescaped(text, begin, display);
  if (end == std::string_view::npos || is_all_blank(text.substr(begin, end - begin)))
    return std::nullopt;
  const auto behind = end + display.size();
  if (text.substr(begin).starts_with('$') || text.substr(behind).starts_with('$'))
    return std::nullopt;
  return Formula{behind - at, std::string(text.substr(at, behind - at))};
}

// $`…`$: nothing in it means anything but the formula.
std::optional<Formula> find_quoted(std::string_view text, std::size_t at) {
  const auto begin = at + 2;
  for (auto end = text.find_first_of("`$", begin); end != std::string_view::npos;
       end = text.find_first_of("`$", end + 1)) {
    const auto rest = text.substr(end);
    if (rest.starts_with("$`")) return std::nullopt;  // another one begins
    if (!rest.starts_with("`$")) continue;
    const auto content = text.substr(begin, end - begin);
    if (is_all_blank(content)) return std::nullopt;
    return Formula{end + 2 - at, "$" + std::string(content) + "$"};
  }
  return std::nullopt;
}

std::optional<Formula> find_inline(std::string_view text, std::size_t at) {
  const auto begin = at + 1;
  if (begin >= text.size() || is_math_blank(text[begin])) return std::nullopt;
  const auto end = find_unescaped(text, begin, "$");
  if (end == std::string_view::npos || is_math_blank(text[end - 1])) return std::nullopt;
  const char next = end + 1 < text.size() ? text[end + 1] : ' ';
  if (base::is_letter_or_digit(next) || next == '$') return std::nullopt;
  const auto source = text.substr(at, end + 1 - at);
  if (!is_in_one_piece(source)) return std::nullopt;
  return Formula{source.size(), std::string(source)};
}

}  // namespace

std::optional<Formula> find_formula(std::string_view text, std::size_t at) {
  const char previous = at > 0 ? text[at - 1] : ' ';
  if (base::is_letter_or_digit(previous) || previous == '$') return std::nullopt;
  const auto rest = text.substr(at);
  if (rest.starts_with(display)) return find_display(text, at);
  if (rest.starts_with("$`")) return find_quoted(text, at);
  return find_inline(text, at);
}

void MathLines::find_lines() {
  begins_.push_back(0);
  for (std::size_t at = 0; (at = markdown_.find_first_of("\r\n", at)) != std::string_view::npos;) {
    at += markdown_.substr(at).starts_with("\r\n") ? 2U : 1U;
    begins_.push_back(at);
  }
}

// Without the marks of quotes and the blanks around it.
std::string_view MathLines::text_of(std::size_t index) const {
  const auto begin = begins_[index];
  const auto end = index + 1 < begins_.size() ? begins_[index + 1] : markdown_.size();
  auto line = markdown_.substr(begin, end - begin);
  const auto first = line.find_first_not_of(" \t>\r\n");
  if (first == std::string_view::npos) return {};
  line.remove_prefix(first);
  return line.substr(0, line.find_last_not_of(math_blanks) + 1);
}

std::optional<std::uint32_t> MathLines::last_line(std::uint32_t number, std::string_view line) {
  if (find_unescaped(line, display.size(), display) != std::string_view::npos) return std::nullopt;
  if (begins_.empty()) find_lines();
  // The line's own index is one less, so this is the next.
  for (std::size_t index = number; index < begins_.size(); ++index) {
    const auto next = text_of(index);
    if (next.empty()) return std::nullopt;
    const auto end = find_unescaped(next, 0, display);
    if (end == std::string_view::npos) continue;
    if (end + display.size() != next.size()) return std::nullopt;
    return static_cast<std::uint32_t>(index + 1);
  }
  return std::nullopt;
}

}  // namespace devy::markdown
