#pragma once
// The attributes that a post's HTML may have, and the values they may take. Tables; any thread.
//
// The lists are GitHub's, as html-pipeline's SanitizationFilter documents them, without attributes
// that have no meaning on the elements of element.hpp (forms, frames, image maps), and without
// `accesskey`, `rel`, `tabindex` and `usemap`, which affect more than the post. `class`, `input`
// and data-footnote… are allowed for the output of our own renderer, with a closed set of values.

#include <cstdint>
#include <string_view>

#include "core/publishing/markdown/element.hpp"

namespace devy::markdown {

enum class AttributeKind : std::uint8_t {
  dropped,       // the attribute is removed
  text,          // any text
  empty,         // only the attribute's presence matters
  identifier,    // gets GitHub's prefix
  identifiers,   // several, separated by spaces
  classes,       // those of is_listed_class
  page_link,     // a URL to follow; a file of the repository is a FileLink::Use::page
  resource,      // a URL that the page loads: http, https or a file of the repository
  resource_set,  // the same in the notation of srcset
  reference,     // a URL that nothing loads: http or https
};

[[nodiscard]] AttributeKind kind_of(Element element, std::string_view attribute);
[[nodiscard]] bool is_listed_class(Element element, std::string_view name);
// The classes of formulas (math.hpp), which an author's own HTML cannot have.
[[nodiscard]] bool is_math_class(Element element, std::string_view name);

}  // namespace devy::markdown
