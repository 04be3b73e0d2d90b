#pragma once
// A link to a place on its own page ("#install"), in the HTML that the sanitiser wrote, and what
// becomes of it once all ids of the page are known. Values; any thread.

#include <cstddef>
#include <string>
#include <vector>

#include "core/publishing/markdown/anchor.hpp"
#include "core/publishing/markdown/place.hpp"

namespace devy::markdown {

struct PageLink {
  // Offsets in the HTML: of the start tag, of the attribute with the blank before it, of its value
  // behind the '"', and of the end tag.
  std::size_t tag_begin = 0, attribute_begin = 0, value_begin = 0, attribute_end = 0, tag_end = 0,
              close_begin = 0;
  std::string fragment;    // as written, without its '#'
  Place place;             // in the Markdown; line 0 when nobody wrote it there
  bool is_anchor = false;  // other links lead to this one, so its element has to stay
};

struct DeadFragment {
  std::string fragment;
  Place place;
};

// A change of the HTML: so many bytes are replaced by a text.
struct HtmlEdit {
  std::size_t offset = 0, bytes = 0;
  std::string text;
};

// Finds what has to change so that each link leads to its place: one in another case gets that of
// the id, and one that leads nowhere becomes text. In the order of their offsets.
[[nodiscard]] std::vector<HtmlEdit> find_edits(const std::vector<PageLink>& links,
                                               const Anchors& anchors,
                                               std::vector<DeadFragment>& dead);

}  // namespace devy::markdown
