#pragma once
// Gives task lists the classes that GitHub uses, and finds those that cmark-gfm does not: in
// quotes, alerts and notes. One tree; one thread.

#include <cmark-gfm.h>

#include <deque>

#include "core/publishing/markdown/node_html.hpp"

namespace devy::markdown {

// Does nothing for an item that is no task. `html` stores the HTML of its list and
// must live until the tree has been rendered.
void mark_task(cmark_node* item, std::deque<NodeHtml>& html);

}  // namespace devy::markdown
