#include "core/platform/github/link.hpp"

#include <algorithm>
#include <charconv>

#include "core/platform/base/ascii.hpp"

namespace devy::github {
namespace {

// Finds the relation among the words of a rel's value.
bool names(std::string_view words, std::string_view relation) {
  while (!words.empty()) {
    const auto end = std::min(words.find(' '), words.size());
    if (base::is_same_word(words.substr(0, end), relation)) return true;
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

bool is_relation(std::string_view parameter, std::string_view relation) {
  const auto equals = parameter.find('=');
  if (equals == std::string_view::npos) return false;
  auto value = base::trim_blanks(parameter.substr(equals + 1));
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
    value = value.substr(1, value.size() - 2);
  return base::is_same_word(base::trim_blanks(parameter.substr(0, equals)), "rel") &&
         names(value, relation);
}

}  // namespace

std::optional<std::string> linked_page(std::string_view rest, std::string_view relation) {
  while (!(rest = base::trim_blanks(rest)).empty()) {
    const auto close = rest.find('>');
    if (rest.front() != '<' || close == std::string_view::npos) return std::nullopt;
    const auto target = rest.substr(1, close - 1);
    rest = base::trim_blanks(rest.substr(close + 1));
    bool is_found = false;
    while (rest.starts_with(';')) {
      rest.remove_prefix(1);
      const auto end = parameter_end(rest);
      is_found |= is_relation(rest.substr(0, end), relation);
      rest.remove_prefix(end);
    }
    if (is_found) return std::string(target);
    if (!rest.starts_with(',')) return std::nullopt;
    rest.remove_prefix(1);
  }
  return std::nullopt;
}

std::optional<int> page_number(std::string_view address) {
  const auto question = address.find('?');
  if (question == std::string_view::npos) return std::nullopt;
  auto query = address.substr(question + 1);
  query = query.substr(0, query.find('#'));
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const auto parameter = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (!parameter.starts_with("page=")) continue;
    const auto digits = parameter.substr(5);
    int number = 0;
    const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (parsed.ec != std::errc() || parsed.ptr != digits.data() + digits.size() || number < 1)
      return std::nullopt;
    return number;
  }
  return std::nullopt;
}

}  // namespace devy::github
