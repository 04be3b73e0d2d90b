#pragma once
// Replaces the HTML of single nodes of cmark's tree where GitHub's output differs from cmark's:
// headings with ids, alerts, task lists, footnotes. One tree; one thread.

#include <cmark-gfm.h>

#include <string>

namespace devy::markdown {

// The HTML before and after a node's children, before sanitising.
struct NodeHtml {
  std::string open, close;
};

// From now on `node` is written as `html` says; `html` must live until the tree has been rendered.
void write_as(cmark_node* node, const NodeHtml& html);

}  // namespace devy::markdown
