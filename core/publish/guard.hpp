#pragma once
// The mass-delete guard (content.md, "Guards"): what a person must look at before a blog loses much
// of itself. Pure; any thread.

#include <optional>
#include <string>

#include "core/publish/plan.hpp"
#include "core/snapshot/difference.hpp"

namespace devy::publish {

// Fewer deletions than this never hold an upload, unless nothing would be left.
inline constexpr std::size_t held_deletions_min = 10;

// Why the upload is held; nothing: it may go on. `posts` is how many the blog has now.
[[nodiscard]] std::optional<std::string> why_held(const snapshot::Changeset& changeset,
                                                  std::size_t posts, int max_delete_percent);

// The same question once everything is rendered: nothing is left when all that is new is in error.
[[nodiscard]] std::optional<std::string> why_held(const PublishPlan& plan, std::size_t posts);

}  // namespace devy::publish
