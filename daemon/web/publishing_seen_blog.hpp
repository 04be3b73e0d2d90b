#pragma once
// The blog that a page is about, where the visitor may see it: a user his own, an operator all
// (web.md, "Who"). Belongs to the thread that answers.

#include "core/publishing/connecting/acts.hpp"
#include "core/publishing/store/blog_store.hpp"
#include "daemon/web/page.hpp"

namespace devy::daemon {

// By the first two parts of the path. Throws Error(not_found) for what is not there and for what is
// not his.
[[nodiscard]] publishing::Blog find_seen_blog(const Visit& visit);
// The person who acts in this visit, as the audit has him.
[[nodiscard]] connecting::Doer doer_of(const Visit& visit);

}  // namespace devy::daemon
