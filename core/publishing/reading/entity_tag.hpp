#pragma once
// The ETag of a blog's pages, made of what they depend on and of no page's contents: so a client's
// own is compared without reading a post. It is weak: a proxy may compress what it names. Pure; any
// thread.

#include <string>
#include <string_view>

#include "core/publishing/store/reading_store.hpp"

namespace devy::reading {

// `variant` is whatever else a page depends on: the site's address, for the feed.
[[nodiscard]] std::string entity_tag(const publishing::ReadableBlog& blog,
                                     std::string_view variant = {});

// Tells whether an If-None-Match names the tag, by weak comparison (RFC 9110, 8.8.3.2 and 13.1.2).
// "*" names none: whether the page exists is not known before it is read.
[[nodiscard]] bool names_tag(std::string_view if_none_match, std::string_view tag);

}  // namespace devy::reading
