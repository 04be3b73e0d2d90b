#pragma once
// GitHub's alerts: a block quote at the top level of the document whose first line is "[!NOTE]" and
// nothing else, followed by content. Rewrites cmark's tree. One tree; one thread.

#include <cmark-gfm.h>

namespace devy::markdown {

// Turns `quote` (a block quote) into an alert when it is written as one. Nodes inside it may be
// freed, so callers must not keep pointers to them.
void make_alert(cmark_node* quote);

}  // namespace devy::markdown
