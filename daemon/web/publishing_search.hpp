#pragma once
// The page of a blog that a searched text names. Belongs to the thread that answers.

#include <optional>
#include <string>

#include "core/platform/web/html/url.hpp"
#include "daemon/web/page.hpp"

namespace devy::daemon {

// Nothing for what is no address of a blog, and for a blog that is not this visitor's to see.
[[nodiscard]] std::optional<html::Url> find_blog_page(Visit& visit, const std::string& text);

}  // namespace devy::daemon
