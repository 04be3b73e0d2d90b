#include "core/platform/github/link.hpp"

#include <algorithm>

#include "core/platform/base/ascii.hpp"

namespace devy::github {
namespace {

// Finds "next" among the words of a rel's value.
bool names_next(std::string_view words) {
  while (!words.empty()) {
    const auto end = std::min(words.find(' '), words.size());
    if (base::is_same_word(words.substr(0, end), "next")) return true;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return false;
}

// The end of a parameter: the first of ; and , that is not in quotes.
std::size_t parameter_end(std::string_view text) {
  bool is_quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '"') is_quoted = !is_quoted;
    if (!is_quoted && (text[at] == ';' || text[at] == ',')) return at;
  }
  return text.size();
}

bool is_next(std::string_view parameter) {
  const auto equals = parameter.find('=');
  if (equals == std::string_view::npos) return false;
  auto value = base::trim_blanks(parameter.substr(equals + 1));
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
    value = value.substr(1, value.size() - 2);
  return base::is_same_word(base::trim_blanks(parameter.substr(0, equals)), "rel") &&
         names_next(value);
}

}  // namespace

std::optional<std::string> next_page(std::string_view rest) {
  while (!(rest = base::trim_blanks(rest)).empty()) {
    const auto close = rest.find('>');
    if (rest.front() != '<' || close == std::string_view::npos) return std::nullopt;
    const auto target = rest.substr(1, close - 1);
    rest = base::trim_blanks(rest.substr(close + 1));
    bool is_found = false;
    while (rest.starts_with(';')) {
      rest.remove_prefix(1);
      const auto end = parameter_end(rest);
      is_found |= is_next(rest.substr(0, end));
      rest.remove_prefix(end);
    }
    if (is_found) return std::string(target);
    if (!rest.starts_with(',')) return std::nullopt;
    rest.remove_prefix(1);
  }
  return std::nullopt;
}

}  // namespace devy::github
