#pragma once
// Task lists with the classes that GitHub gives them. One tree; one thread.

#include <cmark-gfm.h>

#include <deque>

#include "core/markdown/node_html.hpp"

namespace devy::markdown {

// `item` is an item that cmark's task list extension has made. `html` keeps what is said about its
// list until the tree has been rendered.
void mark_task(cmark_node* item, std::deque<NodeHtml>& html);

}  // namespace devy::markdown
