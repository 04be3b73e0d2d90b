#pragma once
// GitHub's alerts: a block quote of the document itself whose first line is "[!NOTE]" and nothing
// else, with something below it. Rewrites cmark's tree. One tree; one thread.

#include <cmark-gfm.h>

namespace devy::markdown {

// Makes an alert of `quote` (a block quote) where it is written as one. Nodes inside it may be
// freed, so nobody may hold on to them.
void make_alert(cmark_node* quote);

}  // namespace devy::markdown
