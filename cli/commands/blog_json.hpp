#pragma once
// A blog as `blog list --json` and `blog show --json` print it. Pure.

#include "cli/json_output.hpp"
#include "core/store/blog_store.hpp"

namespace devy::cli {

[[nodiscard]] Json blog_json(const store::Blog& blog);

}  // namespace devy::cli
