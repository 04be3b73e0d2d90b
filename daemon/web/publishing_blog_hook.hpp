#pragma once
// The webhook of a blog's repository on the blog's page: how it is, why it is not, and whether the
// reader can have it installed. Belongs to the thread that answers.

#include <optional>
#include <string_view>

#include "core/platform/web/html/page.hpp"
#include "core/platform/web/html/sentence.hpp"
#include "core/publishing/store/hook_store.hpp"
#include "daemon/web/page.hpp"

namespace devy::daemon {

using BlogHook = std::optional<publishing::LastHook>;

// Whether an operation in that state will do something by itself.
[[nodiscard]] bool is_under_way(std::string_view state);
// Whether it is neither installed nor being installed, as far as is known here.
[[nodiscard]] bool is_hook_wanted(const publishing::Blog& blog, const BlogHook& hook);
void say_hook(html::Sentence text, const BlogHook& hook, base::TimePoint now);
// A section of the template `blog` where the last operation failed.
void fill_hook_problem(html::Fill& content, const BlogHook& hook);

}  // namespace devy::daemon
