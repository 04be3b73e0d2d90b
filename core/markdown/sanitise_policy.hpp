#pragma once
// Which attributes a post's HTML may have, and what their values may be. Tables; any thread.
//
// The lists are GitHub's, as html-pipeline's SanitizationFilter documents them, without what has
// no meaning on the elements of element.hpp (forms, frames, image maps) and without `accesskey`,
// `rel`, `tabindex` and `usemap`, which reach beyond the post. `class`, `input` and data-footnote…
// are there for what our own renderer makes: a closed set of values.

#include <cstdint>
#include <string_view>

#include "core/markdown/element.hpp"

namespace devy::markdown {

enum class AttributeKind : std::uint8_t {
  dropped,       // the attribute goes
  text,          // any text
  empty,         // the attribute's presence says it all
  identifier,    // gets GitHub's prefix
  identifiers,   // several, with spaces between
  classes,       // those of is_listed_class
  page_link,     // a URL to follow; a file of the repository is a FileLink::Use::page
  resource,      // a URL that the page loads: http, https or a file of the repository
  resource_set,  // the same as srcset spells it
  reference,     // a URL that nothing loads: http or https
};

[[nodiscard]] AttributeKind kind_of(Element element, std::string_view attribute);
[[nodiscard]] bool is_listed_class(Element element, std::string_view name);

}  // namespace devy::markdown
