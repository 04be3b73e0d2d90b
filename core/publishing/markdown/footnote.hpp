#pragma once
// Footnotes as GitHub shows them: numbers that link to a section at the end, whose notes link back
// to every reference. One tree; one thread.
//
// Two posts may be shown on one page and both have a note "1", so every id ends with a short hash
// of the post's path.

#include <cmark-gfm.h>

#include <deque>
#include <string>
#include <string_view>

#include "core/publishing/markdown/node_html.hpp"

namespace devy::markdown {

// Sets how the footnotes below `root` are written. `html` stores the HTML of their nodes and must
// live until the tree has been rendered.
void write_footnotes(cmark_node* root, std::string_view path, std::deque<NodeHtml>& html);

}  // namespace devy::markdown
