#include "core/publishing/markdown/html_scan.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "core/platform/base/ascii.hpp"
#include "core/publishing/markdown/element.hpp"
#include "core/publishing/markdown/sanitiser.hpp"

namespace devy::markdown {
namespace {

// More on one element than any post has; it keeps the search for a second of one name short.
constexpr std::size_t attributes_max = 16;

bool is_tag_name_byte(char byte) {
  return base::is_lower_letter(byte) || base::is_digit(byte) || byte == '-';
}

// Tells of each byte whether it is literal text. Carriage returns and form feeds are left to a
// parser, and so is a '<' in a value.
constexpr std::array<bool, 256> is_plain = [] {
  std::array<bool, 256> plain{};
  plain.fill(true);
  plain['<'] = plain['&'] = plain['\r'] = plain['\f'] = false;
  return plain;
}();

// Counts the plain bytes at the front. It runs for every byte of a post, where find_first_of would
// be noticeably slower.
std::size_t plain_bytes(std::string_view text) {
  std::size_t count = 0;
  while (count < text.size() && is_plain[static_cast<unsigned char>(text[count])])
    ++count;
  return count;
}

bool take(std::string_view& text, std::string_view expected) {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(expected.size());
  return true;
}

std::string_view read_name(std::string_view& text) {
  std::size_t length = 0;
  while (length < text.size() && is_tag_name_byte(text[length]))
    ++length;
  const auto name = text.substr(0, length);
  text.remove_prefix(length);
  return name;
}

// The character of a reference that cmark writes; 0 for any other.
char read_reference(std::string_view& text) {
  if (take(text, "&amp;")) return '&';
  if (take(text, "&lt;")) return '<';
  if (take(text, "&gt;")) return '>';
  if (take(text, "&quot;")) return '"';
  return 0;
}

class Scan {
 public:
  explicit Scan(Sanitiser& out) : out_(out) {}

  bool all(std::string_view html) {
    while (!html.empty()) {
      if (html[0] != '<' ? !text(html) : !markup(html)) return false;
    }
    return open_.empty();
  }

 private:
  // All of it at once, as a parser's text node has it.
  bool text(std::string_view& html) {
    const auto whole = html.substr(0, html.find('<'));
    html.remove_prefix(whole.size());
    if (plain_bytes(whole) == whole.size()) return out_.text(whole);
    return decode(whole, text_) && out_.text(text_);
  }

  // False for a reference that cmark would not write.
  static bool decode(std::string_view source, std::string& out) {
    out.clear();
    while (true) {
      const auto plain = plain_bytes(source);
      out.append(source, 0, plain);
      source.remove_prefix(plain);
      if (source.empty()) return true;
      const char character = read_reference(source);
      if (character == 0) return false;
      out += character;
    }
  }

  bool markup(std::string_view& html) {
    if (take(html, "</")) return end_tag(html);
    if (take(html, "<!--")) return comment(html);
    html.remove_prefix(1);
    return start_tag(html);
  }

  bool end_tag(std::string_view& html) {
    const auto name = read_name(html);
    if (open_.empty() || name != name_of(open_.back()) || !take(html, ">")) return false;
    open_.pop_back();
    out_.end();
    return true;
  }

  // Its text in the one form that all parsers, old and new, end at the same place.
  static bool comment(std::string_view& html) {
    const auto end = html.find("--");
    if (html.starts_with('>') || html.starts_with("->") || end == std::string_view::npos)
      return false;
    html.remove_prefix(end);
    return take(html, "-->");
  }

  bool start_tag(std::string_view& html) {
    const Element element = element_named(read_name(html));
    if (element == Element::unwrapped || element == Element::removed) return false;
    const bool is_void = traits_of(element).is_void;
    if (!read_attributes(html)) return false;
    if (is_void) take(html, "/");
    if (!take(html, ">") || !out_.start(element, attributes_)) return false;
    if (is_void) return true;
    open_.push_back(element);
    // The parser drops this one.
    if (element == Element::pre) take(html, "\n");
    return true;
  }

  bool read_attributes(std::string_view& html) {
    attributes_.clear();
    while (take(html, " ") || take(html, "\n")) {
      const auto name = read_name(html);
      if (name.empty()) return html.starts_with("/>") || html.starts_with(">");
      if (attributes_.size() == attributes_max) return false;
      if (std::ranges::any_of(attributes_, [&](const Attribute& a) { return a.name == name; }))
        return false;
      std::string_view value;
      if (take(html, "=") && !read_value(html, value)) return false;
      attributes_.push_back({name, value});
    }
    return true;
  }

  bool read_value(std::string_view& html, std::string_view& value) {
    if (!take(html, "\"")) return false;
    const auto end = html.find('"');
    if (end == std::string_view::npos) return false;
    value = html.substr(0, end);
    html.remove_prefix(end + 1);
    if (plain_bytes(value) == value.size()) return true;
    std::string& decoded = values_[attributes_.size()];
    if (!decode(value, decoded)) return false;
    value = decoded;
    return true;
  }

  Sanitiser& out_;
  std::string text_;
  std::vector<Element> open_;
  std::vector<Attribute> attributes_;  // of one element at a time
  std::array<std::string, attributes_max> values_;
};

}  // namespace

bool scan_html(std::string_view html, Sanitiser& out) {
  return Scan(out).all(html);
}

}  // namespace devy::markdown
