#pragma once
// Describes a post for people, for `posts` and `post show`. Pure, except for the context's clock.

#include <string>

#include "cli/context.hpp"
#include "core/publishing/plan/visibility.hpp"
#include "core/publishing/store/post_store.hpp"

namespace devy::cli {

// A day that was written without a time is shown as that day; a moment, as the context formats
// moments.
[[nodiscard]] std::string date_text(const Context& context, const publishing::Post& post);
// Visible when the database's clock says so; otherwise the reason is decided by our clock.
[[nodiscard]] plan::Visibility visibility_of(const publishing::Post& post, base::TimePoint now);

}  // namespace devy::cli
