#pragma once
// The heading that a page shows as its title leaves the body, and nothing else that stood in it
// does: its pictures, links, anchors and notes stay, and its id is where a link to it arrives. One
// tree; one thread. Throws std::bad_alloc.

#include <cmark-gfm.h>

#include <string>
#include <string_view>

#include "core/publishing/markdown/node_html.hpp"

namespace devy::markdown {

// True when both say the same but for case and space.
[[nodiscard]] bool is_same_title(std::string_view heading, std::string_view title);

// The empty element with the heading's id; what begins with it had its title at the very beginning.
[[nodiscard]] std::string title_place(std::string_view id);

// Takes the words out of `heading` and returns what is written around what is left of it. `id` may
// be empty.
[[nodiscard]] NodeHtml remove_words(cmark_node* heading, std::string_view id);

}  // namespace devy::markdown
