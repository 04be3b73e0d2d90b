#include "core/publishing/markdown/element.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace devy::markdown {
namespace {

constexpr std::size_t element_count = static_cast<std::size_t>(Element::count);

// In the order of Element, which after the first two is the alphabet's.
constexpr std::array<std::string_view, element_count> names{
    "",        "",       "a",      "abbr",       "b",       "bdo",     "blockquote", "br",
    "caption", "cite",   "code",   "dd",         "del",     "details", "dfn",        "div",
    "dl",      "dt",     "em",     "figcaption", "figure",  "h1",      "h2",         "h3",
    "h4",      "h5",     "h6",     "hr",         "i",       "img",     "input",      "ins",
    "kbd",     "li",     "mark",   "ol",         "p",       "picture", "pre",        "q",
    "rp",      "rt",     "ruby",   "s",          "samp",    "section", "small",      "source",
    "span",    "strike", "strong", "sub",        "summary", "sup",     "table",      "tbody",
    "td",      "tfoot",  "th",     "thead",      "time",    "tr",      "tt",         "ul",
    "var",     "wbr"};

// Code, styles, other languages, what is loaded and run, and raw text that a browser would not show
// as text: nothing of them is for a reader.
constexpr std::array<std::string_view, 17> removed_names{
    "applet",   "embed",    "frameset", "iframe",    "math",   "noembed",
    "noframes", "noscript", "object",   "plaintext", "script", "style",
    "svg",      "template", "textarea", "title",     "xmp"};

constexpr ElementTraits traits_for(Element element) {
  using enum Element;
  ElementTraits traits;
  switch (element) {
    case br:
    case img:
    case input:
    case source:
    case wbr: traits.is_void = traits.is_special = true; break;
    case hr: traits.is_void = traits.is_special = traits.closes_p = true; break;
    case div:
    case p: traits.closes_p = true; break;
    case blockquote:
    case dd:
    case details:
    case dl:
    case dt:
    case figcaption:
    case figure:
    case li:
    case ol:
    case pre:
    case section:
    case summary:
    case ul: traits.closes_p = traits.is_special = true; break;
    case h1:
    case h2:
    case h3:
    case h4:
    case h5:
    case h6: traits.closes_p = traits.is_special = traits.is_heading = true; break;
    case table:
      traits.closes_p = traits.is_special = traits.bounds_scope = traits.is_table_frame = true;
      break;
    case tbody:
    case tfoot:
    case thead:
    case tr: traits.is_special = traits.is_table_frame = true; break;
    case caption:
    case td:
    case th: traits.is_special = traits.bounds_scope = true; break;
    default: break;
  }
  return traits;
}

constexpr std::array<ElementTraits, element_count> all_traits = [] {
  std::array<ElementTraits, element_count> all{};
  for (std::size_t i = 0; i < element_count; ++i)
    all[i] = traits_for(static_cast<Element>(i));
  return all;
}();

}  // namespace

std::string_view name_of(Element element) {
  return names[static_cast<std::size_t>(element)];
}

const ElementTraits& traits_of(Element element) {
  return all_traits[static_cast<std::size_t>(element)];
}

Element element_named(std::string_view name) {
  const auto* listed_begin = names.begin() + static_cast<std::size_t>(Element::a);
  const auto* found = std::lower_bound(listed_begin, names.end(), name);
  if (found != names.end() && *found == name) return static_cast<Element>(found - names.begin());
  return std::ranges::binary_search(removed_names, name) ? Element::removed : Element::unwrapped;
}

}  // namespace devy::markdown
