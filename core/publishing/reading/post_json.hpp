#pragma once
// Posts as readers get them in JSON (cli.md has the names that operators get). Private to this
// folder. Pure; any thread.

#include "core/platform/json/json.hpp"
#include "core/publishing/blog/address.hpp"
#include "core/publishing/store/reading_store.hpp"

namespace devy::reading {

[[nodiscard]] blog::BlogName name_of(const publishing::ReadableBlog& blog);
// As an element of a list.
[[nodiscard]] json::Json post_json(const publishing::ReadablePost& post,
                                   const blog::BlogName& blog);
// Moves the texts out of the post.
[[nodiscard]] json::Json whole_post_json(publishing::FoundPost& found, const blog::BlogName& blog);

}  // namespace devy::reading
