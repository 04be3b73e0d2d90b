#pragma once
// The heading that a page shows as its title leaves the body, and nothing else that stood in it
// does: its pictures, links, anchors and notes stay. (Its id goes with the title: title_id.) One
// tree; one thread. Throws std::bad_alloc.

#include <cmark-gfm.h>

#include <string>
#include <string_view>

#include "core/publishing/markdown/node_html.hpp"

namespace devy::markdown {

// True when both say the same but for case and space.
[[nodiscard]] bool is_same_title(std::string_view heading, std::string_view title);

// Takes the words out of `heading` and returns what is written around the rest; nothing, where none
// is left.
[[nodiscard]] NodeHtml remove_words(cmark_node* heading);

}  // namespace devy::markdown
