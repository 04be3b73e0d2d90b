#include "core/publishing/post/yaml_advice.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace devy::post {
namespace {

using Advice = std::optional<ReadFailure>;

std::string with_character(std::string_view before, char character, std::string_view after) {
  return std::string(before) + "'" + character + "'" + std::string(after);
}

// The offset of a quote that begins a value and does not end on its line.
std::optional<std::size_t> open_quote(const YamlLine& line) {
  bool may_begin = true;
  const bool is_flow = line.value_text().starts_with('[') || line.value_text().starts_with('{');
  for (std::size_t at = line.value; at < line.text.size(); ++at) {
    const char byte = line.text[at];
    if (may_begin && (byte == '"' || byte == '\'')) {
      const auto length = quoted_length(line.text.substr(at));
      if (!length) return at;
      at += *length - 1;
    }
    if (!is_flow) return std::nullopt;
    may_begin =
        byte == '[' || byte == '{' || byte == ',' || byte == ':' || (may_begin && byte == ' ');
  }
  return std::nullopt;
}

// A quote that the author forgot to close takes the lines below into its value, up to the next
// quote or the end.
Advice unclosed(const YamlText& text, std::size_t stopped) {
  for (std::size_t i = 0; i < stopped && i < text.line_count(); ++i) {
    const auto quote = open_quote(text.line(i));
    if (!quote) continue;
    const auto next = text.line(i + 1);
    if (next.has_key || next.is_blank()) return unreadable(text.place(i, *quote), unclosed_quote);
  }
  return std::nullopt;
}

Advice conflict(const YamlText& text) {
  for (std::size_t i = 0; i < text.line_count(); ++i) {
    const auto line = text.line(i).text;
    for (const std::string_view marker : {"<<<<<<< ", "=======", ">>>>>>> ", "||||||| "})
      if (line.starts_with(marker) && (marker.ends_with(' ') || line == marker))
        return unreadable(text.place(i, 0),
                          "a merge conflict stands in it; keep one of its two sides");
  }
  return std::nullopt;
}

// The offset behind the bracket that closes the one at `at`; nothing where the line has none.
std::optional<std::size_t> closing(std::string_view line, std::size_t at) {
  std::size_t depth = 0;
  for (; at < line.size(); ++at) {
    if (line[at] == '[' || line[at] == '{') ++depth;
    if ((line[at] == ']' || line[at] == '}') && --depth == 0) return at + 1;
  }
  return std::nullopt;
}

// The last line above that opens a list or a map which its own line does not close.
Advice unclosed_bracket(const YamlText& text, std::size_t stopped) {
  for (std::size_t i = std::min(stopped + 1, text.line_count()); i-- > 0;) {
    const auto line = text.line(i);
    const auto value = line.value_text();
    if (!value.starts_with('[') && !value.starts_with('{')) continue;
    if (closing(line.text, line.value)) return std::nullopt;
    const bool is_list = value.front() == '[';
    return unreadable(text.place(i, line.value),
                      is_list ? "the list that begins here is not closed by ']'; close it, or put "
                                "the value in quotes"
                              : "the map that begins here is not closed by '}'; close it, or put "
                                "the value in quotes");
  }
  return std::nullopt;
}

bool has_text(std::string_view rest) {
  const auto at = rest.find_first_not_of(" \t");
  return at != std::string_view::npos && rest[at] != '#';
}

std::string bracket_advice(char bracket) {
  return with_character("a value that begins with ", bracket,
                        bracket == '[' ? " is a list, and text follows its end; put the value in "
                                         "quotes"
                                       : " is a map, and text follows its end; put the value in "
                                         "quotes");
}

// Says what the value's first character means in YAML, where its author meant text.
std::string first_character_advice(const YamlLine& line) {
  const auto value = line.value_text();
  if (value.empty()) return {};
  const char first = value.front();
  switch (first) {
    case '"':
    case '\'': {
      const auto length = quoted_length(value);
      if (!length || !has_text(value.substr(*length))) return {};
      return "text follows the closing quote; put the value in quotes of the other kind";
    }
    case '[':
    case '{': {
      const auto end = closing(line.text, line.value);
      if (value.starts_with("{{") || value.starts_with("{%") ||
          (end && has_text(line.text.substr(*end))))
        return bracket_advice(first);
      return {};
    }
    case '*':
    case '&':
      return with_character("a value that begins with ", first,
                            " names another value of the block; put the value in quotes");
    case '!': return "a value that begins with '!' says its kind; put the value in quotes";
    case '|':
    case '>':
      if (!line.has_key && !line.has_dash) return {};
      return with_character("a value that begins with ", first,
                            " is a text that begins on the next line; put the value in quotes");
    case '@':
    case '`':
    case '%':
    case ',':
    case ']':
    case '}':
    case '?':
      return with_character("a value cannot begin with ", first, "; put the value in quotes");
    case '-':
      if (!line.has_key || (value.size() > 1 && value[1] != ' ')) return {};
      return "a list cannot begin on the line of its key; begin it on the next line, or put the "
             "value in quotes";
    default: return {};
  }
}

bool has_second_colon(std::string_view value) {
  for (auto at = value.find(':'); at != std::string_view::npos; at = value.find(':', at + 1))
    if (at + 1 == value.size() || value[at + 1] == ' ' || value[at + 1] == '\t') return true;
  return false;
}

// The line itself, when the parser stopped in it or at its end.
Advice own_fault(const YamlText& text, std::size_t index, markdown::Place stopped) {
  const auto line = text.line(index);
  const auto from_stop = text.from(stopped);
  if (line.text.substr(0, line.indent).find('\t') != std::string_view::npos)
    return unreadable(text.place(index, 0), "the line is indented with a tab; use spaces");
  if (auto why = first_character_advice(line); !why.empty() && (line.has_key || line.has_dash))
    return unreadable(stopped, why);
  const auto value = line.value_text();
  if (line.has_key && has_second_colon(value) && !value.starts_with('"') &&
      !value.starts_with('\''))
    return unreadable(stopped, "the value has a colon in it; put the value in quotes");
  if (!from_stop.empty() &&
      std::string_view("@`%").find(from_stop.front()) != std::string_view::npos)
    return unreadable(stopped, with_character("a value cannot begin with ", from_stop.front(),
                                              "; put the value in quotes"));
  return std::nullopt;
}

std::optional<std::size_t> line_above(const YamlText& text, std::size_t index) {
  while (index-- > 0) {
    const auto line = text.line(index);
    if (!line.is_blank() && line.text[line.indent] != '#') return index;
  }
  return std::nullopt;
}

// Where the line is right by itself, but does not fit the one above.
Advice misfit(const YamlText& text, std::size_t index, markdown::Place stopped) {
  const auto line = text.line(index);
  const auto above_index = line_above(text, index);
  if (line.is_blank() || !above_index) return std::nullopt;
  const auto above = text.line(*above_index);
  if (!above.has_key && !above.has_dash) {
    const auto colon = above.text.find(':', above.indent);
    if (colon != std::string_view::npos)
      return unreadable(text.place(*above_index, colon), "put a space behind the colon");
    if (above.text[above.indent] == '-' && above.indent == line.indent)
      return unreadable(text.place(*above_index, above.indent), "put a space behind the '-'");
    if (line.has_key && above.indent == line.indent)
      return unreadable(text.place(*above_index, above.indent), no_colon);
  }
  if (!line.has_key && !line.has_dash && line.indent <= above.indent)
    return unreadable(text.place(index, line.indent), no_colon);
  const bool is_deeper = line.indent > above.indent;
  if (is_deeper && above.has_key && !above.value_text().empty())
    return unreadable(stopped,
                      "the line is indented deeper than the key above it, which has a value; "
                      "indent both alike");
  if (line.has_dash && above.has_key && !above.value_text().empty())
    return unreadable(stopped, "the list stands below a key that has a value; take the value away");
  if (line.indent != above.indent)
    return unreadable(stopped,
                      "the line is indented like none above it; indent the keys of one "
                      "map, and the items of one list, alike");
  return std::nullopt;
}

bool is_about(const ReadFailure& failure, std::string_view words) {
  return failure.message.find(words) != std::string::npos;
}

}  // namespace

ReadFailure unreadable(markdown::Place place, std::string_view why) {
  return {place, "unable to read the front matter: " + std::string(why)};
}

ReadFailure advise(const YamlText& text, const ReadFailure& failure) {
  const markdown::Place stopped = failure.place;
  const std::size_t index = stopped.line < 2 ? 0 : stopped.line - 2;
  if (auto advice = conflict(text)) return *advice;
  if (auto advice = unclosed(text, index)) return *advice;
  if (is_about(failure, "escape character") || is_about(failure, "hex number") ||
      is_about(failure, "invalid unicode"))
    return unreadable(stopped,
                      "a backslash in double quotes begins an escape that YAML does not know; "
                      "write two, or put the value in single quotes");
  if (auto advice = own_fault(text, index, stopped)) return *advice;
  if (is_about(failure, "flow not found"))
    if (auto advice = unclosed_bracket(text, index)) return *advice;
  if (is_about(failure, "illegal flow end"))
    return unreadable(stopped,
                      "nothing is open that this bracket could close; take it away, or "
                      "put the value in quotes");
  if (auto advice = misfit(text, index, stopped)) return *advice;
  if (const auto above = line_above(text, index)) {
    const auto why = first_character_advice(text.line(*above));
    if (!why.empty()) return unreadable(text.place(*above, text.line(*above).value), why);
  }
  return unreadable(stopped,
                    "the line cannot be read as 'key: value'; put the value in quotes, or look at "
                    "the line above");
}

}  // namespace devy::post
