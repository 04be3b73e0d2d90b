#pragma once
// How single nodes of cmark's tree are written as HTML where GitHub writes them otherwise than
// cmark does: headings with ids, alerts, task lists, footnotes. One tree; one thread.

#include <cmark-gfm.h>

#include <string>

namespace devy::markdown {

// What stands around a node's children in the HTML before the sanitiser.
struct NodeHtml {
  std::string open, close;
};

// From now on `node` is written as `html` says; it must live until the tree has been rendered.
void write_as(cmark_node* node, const NodeHtml& html);

}  // namespace devy::markdown
