#pragma once
// The JSON of a post and of a revision (cli.md). Pure.

#include "cli/terminal/json_output.hpp"
#include "core/publishing/store/post_store.hpp"

namespace devy::cli {

// An element of `posts --json`.
[[nodiscard]] Json post_json(const publishing::Post& post);
// The document of `post show --json`: the same with the text.
[[nodiscard]] Json whole_post_json(const publishing::Post& post);
// An element of `post history --json`.
[[nodiscard]] Json revision_json(const publishing::RevisionRow& revision);

}  // namespace devy::cli
