#include "core/platform/web/html/template_tokens.hpp"

#include <algorithm>
#include <string>

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/error.hpp"

namespace devy::html {
namespace {

constexpr std::string_view blanks = " \t\r\n";

class TemplateScanner {
 public:
  TemplateScanner(std::string_view file, std::string_view text) : file_(file), text_(text) {}

  std::vector<Token> scan() {
    if (!text_.starts_with(autoescape_pragma))
      refuse("a template begins with " + std::string(autoescape_pragma));
    at_ = autoescape_pragma.size();
    while (at_ < text_.size()) {
      if (is_at("{{")) {
        add_marker(TokenKind::marker_in_text);
      } else if (is_at("<!")) {
        skip_declaration();
      } else if (is_at("<")) {
        read_tag();
      } else {
        ++at_;
      }
    }
    return std::move(tokens_);
  }

 private:
  [[noreturn]] void refuse(std::string_view rule) const { refuse_template(file_, line(), rule); }

  std::size_t line() const {
    const auto end = text_.begin() + static_cast<std::ptrdiff_t>(std::min(at_, text_.size()));
    return 1 + static_cast<std::size_t>(std::count(text_.begin(), end, '\n'));
  }

  bool is_at(std::string_view what) const { return text_.substr(at_).starts_with(what); }

  void skip_blanks() { at_ = std::min(text_.find_first_not_of(blanks, at_), text_.size()); }

  // Comments and doctypes: a value in them would be escaped for another place.
  void skip_declaration() {
    const std::string_view ending = is_at("<!--") ? "-->" : ">";
    const auto end = text_.find(ending, at_);
    if (end == std::string_view::npos) refuse("a comment or declaration has no end");
    if (text_.substr(at_, end - at_).find("{{") != std::string_view::npos)
      refuse("no marker stands in a comment or declaration of HTML");
    at_ = end + ending.size();
  }

  // False for a comment, which is skipped.
  bool read_marker(Marker& marker) {
    const auto end = text_.find("}}", at_);
    if (end == std::string_view::npos) refuse("a marker has no end");
    std::string_view inner = text_.substr(at_ + 2, end - at_ - 2);
    if (inner.starts_with('!')) {
      at_ = end + 2;
      return false;
    }
    if (inner.starts_with('%') || inner.starts_with('='))
      refuse("no pragma and no other delimiters are set in a template");
    if (inner.starts_with('#')) marker.kind = MarkerKind::section_begin;
    if (inner.starts_with('/')) marker.kind = MarkerKind::section_end;
    if (inner.starts_with('>')) marker.kind = MarkerKind::include;
    if (marker.kind != MarkerKind::value) inner.remove_prefix(1);
    const auto colon = std::min(inner.find(':'), inner.size());
    marker.name = inner.substr(0, colon);
    if (colon < inner.size()) marker.modifier = inner.substr(colon + 1);
    const bool is_name =
        !marker.name.empty() && marker.name.front() >= 'A' && marker.name.front() <= 'Z' &&
        std::ranges::all_of(marker.name, [](char byte) {
          return (byte >= 'A' && byte <= 'Z') || base::is_digit(byte) || byte == '_';
        });
    if (!is_name || marker.name.starts_with("BI_"))
      refuse("a name is made of capital letters, digits and '_'");
    at_ = end + 2;
    return true;
  }

  void add_marker(TokenKind kind) {
    Token token;
    token.kind = kind;
    token.line = line();
    if (read_marker(token.marker)) tokens_.push_back(std::move(token));
  }

  void read_tag() {
    const bool is_end = is_at("</");
    const auto begin = at_ + (is_end ? 2 : 1);
    auto end = begin;
    while (end < text_.size() && (base::is_letter_or_digit(text_[end]) || text_[end] == '-'))
      ++end;
    if (end == begin || !base::is_letter(text_[begin])) refuse("'<' begins a tag; write &lt;");
    Token tag;
    tag.line = line();
    tag.element = text_.substr(begin, end - begin);
    at_ = end;
    const auto place = tokens_.size();
    read_attributes(tag);
    const bool is_script = !is_end && base::is_same_word(tag.element, "script");
    if (is_script && !is_at("</script>")) refuse("a script comes from a file and holds nothing");
    if (!is_end) tokens_.insert(tokens_.begin() + static_cast<std::ptrdiff_t>(place), tag);
  }

  void read_attributes(Token& tag) {
    for (;;) {
      skip_blanks();
      if (at_ >= text_.size()) refuse("a tag has no end");
      if (is_at(">")) {
        ++at_;
        return;
      }
      if (is_at("/>")) {
        at_ += 2;
        return;
      }
      if (is_at("{{")) {
        add_marker(TokenKind::marker_in_tag);
        continue;
      }
      read_attribute(tag);
    }
  }

  void read_attribute(Token& tag) {
    Attribute attribute;
    auto end = text_.find_first_of(" \t\r\n=>/{\"'<", at_);
    if (end == std::string_view::npos || end == at_) refuse("an attribute has no name");
    attribute.name = text_.substr(at_, end - at_);
    at_ = end;
    if (is_at("{{") && !tag.element.empty() && text_[at_ - 1] != ' ')
      if (!is_at("{{#") && !is_at("{{/")) refuse("no marker stands in an attribute's name");
    if (is_at("=")) {
      ++at_;
      read_value(attribute);
    }
    for (const auto& marker : attribute.markers) {
      Token token;
      token.kind = TokenKind::marker_in_attribute;
      token.line = line();
      token.marker = marker;
      tokens_.push_back(std::move(token));
    }
    tag.attributes.push_back(std::move(attribute));
  }

  void read_value(Attribute& attribute) {
    if (!is_at("\"") && !is_at("'")) {
      const auto end = std::min(text_.find_first_of(" \t\r\n>", at_), text_.size());
      attribute.value = text_.substr(at_, end - at_);
      if (attribute.value.empty() ||
          attribute.value.find_first_of("{\"'=<`") != std::string_view::npos)
        refuse("the value of an attribute stands in quotes");
      at_ = end;
      return;
    }
    const char quote = text_[at_++];
    const auto begin = at_;
    while (at_ < text_.size() && text_[at_] != quote) {
      if (!is_at("{{")) {
        ++at_;
        continue;
      }
      Marker marker;
      if (!read_marker(marker)) refuse("no comment stands in an attribute");
      attribute.markers.push_back(marker);
    }
    if (at_ >= text_.size()) refuse("the value of an attribute has no end");
    attribute.value = text_.substr(begin, at_ - begin);
    ++at_;
    if (at_ < text_.size() && text_.find_first_of(" \t\r\n>/{", at_) != at_)
      refuse("a blank stands between attributes");
  }

  std::string_view file_, text_;
  std::size_t at_ = 0;
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> template_tokens(std::string_view file, std::string_view text) {
  return TemplateScanner(file, text).scan();
}

void refuse_template(std::string_view file, std::size_t line, std::string_view rule) {
  throw base::Error(base::ErrorKind::internal,
                    "unable to load template '" + std::string(file) + "': line " +
                        std::to_string(line) + ": " + std::string(rule),
                    "Change the template; core/platform/web/html/template_rules.hpp says why.");
}

}  // namespace devy::html
