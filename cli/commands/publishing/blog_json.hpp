#pragma once
// The JSON of a blog in `blog list --json` and `blog show --json`. Pure.

#include "cli/terminal/json_output.hpp"
#include "core/publishing/store/blog_store.hpp"

namespace devy::cli {

[[nodiscard]] Json blog_json(const publishing::Blog& blog);

}  // namespace devy::cli
