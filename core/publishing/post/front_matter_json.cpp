// JSON (RFC 8259) as front matter: an object at the beginning of the file, without any fence. It is
// read here and not by json/reader.hpp, because each value keeps its place, and where the object
// ends is not known before.
#include <algorithm>
#include <charconv>

#include "core/platform/base/ascii.hpp"
#include "core/publishing/markdown/unicode.hpp"
#include "core/publishing/post/front_matter_reader.hpp"
#include "core/publishing/post/yaml_advice.hpp"

namespace devy::post {
namespace {

constexpr std::string_view blanks = " \t\r\n";

class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : text_(text) {}

  Value read() { return value(0); }
  [[nodiscard]] std::size_t position() const { return at_; }

 private:
  [[nodiscard]] markdown::Place place(std::size_t at) const {
    const auto before = text_.substr(0, at);
    const auto newline = before.rfind('\n');
    const auto line_begin = newline == std::string_view::npos ? 0 : newline + 1;
    return {static_cast<std::uint32_t>(std::ranges::count(before, '\n') + 1),
            static_cast<std::uint32_t>(at - line_begin + 1)};
  }
  [[noreturn]] void fail(std::size_t at, std::string_view why) const {
    if (at >= text_.size()) throw unreadable({1, 1}, "it is not closed by '}'");
    throw unreadable(place(at), why);
  }
  [[nodiscard]] char next() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip_blanks() { at_ = std::min(text_.find_first_not_of(blanks, at_), text_.size()); }
  bool take(char byte) {
    skip_blanks();
    if (next() != byte) return false;
    ++at_;
    return true;
  }

  Value value(std::size_t depth) {
    skip_blanks();
    // Places are counted from the last one, so that a long object costs one pass.
    Value value;
    value.place = advance_place();
    if (++count_ > value_count_max) throw unreadable(value.place, "it has too many values");
    if (depth >= value_depth_max)
      throw ReadFailure{value.place, "front matter is nested more than " +
                                         std::to_string(value_depth_max) + " levels deep"};
    switch (next()) {
      case '{': object(value, depth); break;
      case '[': array(value, depth); break;
      case '"':
        value.kind = Value::Kind::text;
        value.text = text();
        break;
      default: literal(value);
    }
    return value;
  }

  markdown::Place advance_place() {
    for (; counted_ < at_; ++counted_) {
      if (text_[counted_] != '\n') continue;
      ++line_;
      line_begin_ = counted_ + 1;
    }
    return {line_, static_cast<std::uint32_t>(at_ - line_begin_ + 1)};
  }

  void object(Value& value, std::size_t depth) {
    value.kind = Value::Kind::map;
    ++at_;
    if (take('}')) return;
    do {
      skip_blanks();
      if (next() == '}') fail(at_, "a comma stands before the closing brace; take it away");
      if (next() != '"') fail(at_, "a key must stand in double quotes");
      std::string key = text();
      if (!take(':')) fail(at_, "a colon is missing behind the key");
      value.members.push_back({std::move(key), this->value(depth + 1)});
    } while (take(','));
    if (!take('}')) fail(at_, "a comma is missing before this, or the closing brace");
  }

  void array(Value& value, std::size_t depth) {
    value.kind = Value::Kind::list;
    ++at_;
    if (take(']')) return;
    do {
      skip_blanks();
      if (next() == ']') fail(at_, "a comma stands before the closing bracket; take it away");
      value.items.push_back(this->value(depth + 1));
    } while (take(','));
    if (!take(']')) fail(at_, "a comma is missing before this, or the closing bracket");
  }

  void literal(Value& value) {
    const auto end = std::min(text_.find_first_of(" \t\r\n,]}", at_), text_.size());
    const auto word = text_.substr(at_, end - at_);
    if (word == "true" || word == "false") {
      value.kind = Value::Kind::boolean;
    } else if (word == "null") {
      value.kind = Value::Kind::null;
    } else if (is_number(word)) {
      const bool is_real = word.find_first_of(".eE") != std::string_view::npos;
      value.kind = is_real ? Value::Kind::real : Value::Kind::integer;
    } else {
      fail(at_, "a text must stand in double quotes; put the value in quotes");
    }
    if (value.kind != Value::Kind::null) value.text = word;
    at_ = end;
  }

  static bool is_number(std::string_view word) {
    if (word.starts_with('-')) word.remove_prefix(1);
    if (word.empty() || !base::is_digit(word.front())) return false;
    if (word.size() > 1 && word.front() == '0' && base::is_digit(word[1])) return false;
    double number{};
    return std::from_chars(word.data(), word.data() + word.size(), number).ptr ==
           word.data() + word.size();
  }

  std::string text() {
    const std::size_t begin = at_++;
    std::string out;
    while (next() != '"') {
      if (at_ >= text_.size() || next() == '\n') throw unreadable(place(begin), unclosed_quote);
      if (static_cast<unsigned char>(next()) < 0x20)
        fail(at_, "a tab or another control character stands in a text; write '\\t' for a tab");
      if (next() == '\\') escape(out);
      else out += text_[at_++];
    }
    ++at_;
    return out;
  }

  void escape(std::string& out) {
    constexpr std::string_view names = "\"\\/bfnrt";
    constexpr std::string_view characters = "\"\\/\b\f\n\r\t";
    const std::size_t begin = at_++;
    const auto named = names.find(next());
    if (at_ < text_.size() && named != std::string_view::npos) {
      out += characters[named];
      ++at_;
      return;
    }
    constexpr std::string_view why =
        "a backslash begins an escape that JSON does not know; write two";
    if (next() != 'u') fail(begin, why);
    char32_t character = code_unit(begin, why);
    constexpr char32_t high = 0xd800, low = 0xdc00, end = 0xe000;
    if (character >= high && character < low && text_.substr(at_).starts_with("\\u")) {
      ++at_;
      const char32_t second = code_unit(begin, why);
      if (second < low || second >= end) fail(begin, why);
      character = 0x10000 + ((character - high) << 10U) + (second - low);
    }
    if (character >= high && character < end) fail(begin, why);
    // PostgreSQL stores no U+0000.
    if (character != 0) markdown::append_character(out, character);
  }

  // "uXXXX"
  char32_t code_unit(std::size_t escape_begin, std::string_view why) {
    constexpr std::size_t digits = 4;
    const auto hex = text_.substr(at_ + 1, digits);
    unsigned unit = 0;
    const auto* end = hex.data() + hex.size();
    if (hex.size() < digits || std::from_chars(hex.data(), end, unit, 16).ptr != end)
      fail(escape_begin, why);
    at_ += 1 + digits;
    return unit;
  }

  std::string_view text_;
  std::size_t at_ = 0, count_ = 0;
  std::size_t counted_ = 0, line_begin_ = 0;
  std::uint32_t line_ = 1;
};

// "{" and a key: in quotes, or as somebody writes it who does not know JSON. "{% include %}" and
// "{{< figure >}}" are text.
bool begins_object(std::string_view text) {
  const auto first = text.find_first_not_of(blanks, 1);
  if (first == std::string_view::npos) return false;
  if (text[first] == '"') return true;
  if (text[first] == '}')
    return text.find_first_not_of(" \t\r", first + 1) == text.find('\n', first);
  if (text.substr(1, first - 1).find('\n') == std::string_view::npos) return false;
  const bool is_quoted = text[first] == '\'';
  auto end = first + (is_quoted ? 1 : 0);
  while (end < text.size() && (base::is_letter_or_digit(text[end]) || text[end] == '_'))
    ++end;
  if (is_quoted && end < text.size() && text[end] == '\'') ++end;
  return end > first && end < text.size() && text[end] == ':';
}

}  // namespace

std::optional<JsonBlock> read_json_block(std::string_view text) {
  if (!text.starts_with('{') || !begins_object(text)) return std::nullopt;
  JsonReader reader(text);
  try {
    Value root = reader.read();
    return JsonBlock{std::move(root), reader.position()};
  } catch (const ReadFailure& failure) {
    return JsonBlock{failure, text.size()};
  }
}

}  // namespace devy::post
