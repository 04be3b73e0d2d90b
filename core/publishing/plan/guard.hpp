#pragma once
// The mass-delete guard (content.md, "Guards"): it holds an upload that would delete much of a blog
// until a person has approved it. Pure; any thread.

#include <optional>
#include <string>

#include "core/platform/snapshot/difference.hpp"
#include "core/publishing/plan/plan.hpp"

namespace devy::plan {

// An upload with fewer deletions than this is never held, unless no post would be left.
inline constexpr std::size_t held_deletions_min = 10;

// Returns the hold reason; nothing when the upload may proceed. `posts` is how many the blog has
// now.
[[nodiscard]] std::optional<std::string> hold_reason(const snapshot::Changeset& changeset,
                                                     std::size_t posts, int max_delete_percent);

// The same check after rendering: no post is left when all new ones are in error.
[[nodiscard]] std::optional<std::string> hold_reason(const PublishPlan& plan, std::size_t posts);

}  // namespace devy::plan
