#pragma once
// A template's text in pieces: tags with their attributes, and the markers `{{…}}` with the place
// each stands at. It reads the HTML that templates are written in and refuses what is ambiguous,
// like a marker in a tag's name; what a template may say with it is template_rules.hpp's. Views
// into the text. Pure; any thread.

#include <cstddef>
#include <string_view>
#include <vector>

namespace devy::html {

enum class MarkerKind { value, section_begin, section_end, include };

struct Marker {
  MarkerKind kind = MarkerKind::value;
  std::string_view name;
  std::string_view modifier;  // what follows ':'
};

struct Attribute {
  std::string_view name;
  std::string_view value;  // between the quotes
  std::vector<Marker> markers;
};

// A tag comes before what stands in it. A marker in an attribute is a token of its own besides, so
// that one can tell in which section of the tag it stands.
enum class TokenKind { tag, marker_in_text, marker_in_tag, marker_in_attribute };

struct Token {
  TokenKind kind = TokenKind::tag;
  std::size_t line = 1;
  std::string_view element;  // of a tag
  std::vector<Attribute> attributes;
  Marker marker;
};

inline constexpr std::string_view autoescape_pragma = R"({{%AUTOESCAPE context="HTML"}})";

// Comments of either language are left out. Throws Error(internal) with file and line.
[[nodiscard]] std::vector<Token> template_tokens(std::string_view file, std::string_view text);

// Throws Error(internal): "unable to load template 'operations': line 12: <rule>".
[[noreturn]] void refuse_template(std::string_view file, std::size_t line, std::string_view rule);

}  // namespace devy::html
