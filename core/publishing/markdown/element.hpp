#pragma once
// The HTML elements that the sanitiser knows: whether each is kept, and the properties by which the
// HTML5 parser decides where it may stand. Tables; any thread.
//
// The list is GitHub's (html-pipeline's SanitizationFilter, see sanitise_policy.hpp), plus
// `section` and `input`, which cmark-gfm itself generates for footnotes and task lists.

#include <cstdint>
#include <string_view>

namespace devy::markdown {

enum class Element : std::uint8_t {
  unwrapped,  // not listed: its tags are dropped, its content stays
  removed,    // dropped with all its content
  a,
  abbr,
  b,
  bdo,
  blockquote,
  br,
  caption,
  cite,
  code,
  dd,
  del,
  details,
  dfn,
  div,
  dl,
  dt,
  em,
  figcaption,
  figure,
  h1,
  h2,
  h3,
  h4,
  h5,
  h6,
  hr,
  i,
  img,
  input,
  ins,
  kbd,
  li,
  mark,
  ol,
  p,
  picture,
  pre,
  q,
  rp,
  rt,
  ruby,
  s,
  samp,
  section,
  small,
  source,
  span,
  strike,
  strong,
  sub,
  summary,
  sup,
  table,
  tbody,
  td,
  tfoot,
  th,
  thead,
  time,
  tr,
  tt,
  ul,
  var,
  wbr,
  count
};

// The properties of an element that the parser's tree construction uses (WHATWG HTML, 13.2).
struct ElementTraits {
  bool is_void = false;       // has no end tag
  bool closes_p = false;      // its start tag ends an open <p>
  bool is_special = false;    // "special", except for <div> and <p>, past which <li> looks
  bool bounds_scope = false;  // a table, its cells and its caption hide open elements outside them
  bool is_heading = false;
  bool is_table_frame = false;  // <table>, a row or a group of rows: may contain only its own parts
};

[[nodiscard]] std::string_view name_of(Element element);
[[nodiscard]] const ElementTraits& traits_of(Element element);
// `name` is in lower case.
[[nodiscard]] Element element_named(std::string_view name);

}  // namespace devy::markdown
