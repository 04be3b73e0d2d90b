#pragma once
// Footnotes as GitHub shows them: numbers that link to a section at the end, whose notes link back
// to every place that names them. One tree; one thread.
//
// Two posts may share a page, and both may have a note "1": every id ends with a short hash of the
// post's path.

#include <cmark-gfm.h>

#include <deque>
#include <string>
#include <string_view>

#include "core/markdown/node_html.hpp"

namespace devy::markdown {

// Decides how the footnotes below `root` are written. `html` keeps what is said about their nodes
// until the tree has been rendered.
void write_footnotes(cmark_node* root, std::string_view path, std::deque<NodeHtml>& html);

}  // namespace devy::markdown
