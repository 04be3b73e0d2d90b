#pragma once
// The elements of HTML as the sanitiser sees them: what becomes of each, and what decides where the
// HTML5 parser lets it stand. Tables; any thread.
//
// The list is GitHub's (html-pipeline's SanitizationFilter, see sanitise_policy.hpp), and `section`
// and `input` for what cmark-gfm itself makes: footnotes and task lists.

#include <cstdint>
#include <string_view>

namespace devy::markdown {

enum class Element : std::uint8_t {
  unwrapped,  // not listed: the tags go, what they hold stays
  removed,    // goes with all that it holds
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

// What the parser's tree construction asks about an element (WHATWG HTML, 13.2).
struct ElementTraits {
  bool is_void = false;       // has no end tag
  bool closes_p = false;      // its start tag ends an open <p>
  bool is_special = false;    // "special", but for <div> and <p>, which let <li> look past them
  bool bounds_scope = false;  // a table, its cells and its caption shut out what is open above
  bool is_heading = false;
  bool is_table_frame = false;  // <table>, a row or a group of rows: holds its own parts alone
};

[[nodiscard]] std::string_view name_of(Element element);
[[nodiscard]] const ElementTraits& traits_of(Element element);
// Of a name in lower case.
[[nodiscard]] Element element_named(std::string_view name);

}  // namespace devy::markdown
