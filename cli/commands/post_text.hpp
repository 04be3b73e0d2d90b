#pragma once
// What `posts` and `post show` say of a post in words. Pure but for the context's clock.

#include <string>

#include "cli/context.hpp"
#include "core/publish/visibility.hpp"
#include "core/store/post_store.hpp"

namespace devy::cli {

// A day that was written without a time stays that day; a moment as the context writes moments.
[[nodiscard]] std::string date_text(const Context& context, const store::Post& post);
// By the database's clock when that sees the post, else with the reason by ours.
[[nodiscard]] publish::Visibility visibility_of(const store::Post& post, base::TimePoint now);

}  // namespace devy::cli
