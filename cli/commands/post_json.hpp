#pragma once
// A post and a revision as scripts get them (cli.md). Pure.

#include "cli/json_output.hpp"
#include "core/store/post_store.hpp"

namespace devy::cli {

// An element of `posts --json`.
[[nodiscard]] Json post_json(const store::Post& post);
// `post show --json`: the same with the text.
[[nodiscard]] Json whole_post_json(const store::Post& post);
// An element of `post history --json`.
[[nodiscard]] Json revision_json(const store::RevisionRow& revision);

}  // namespace devy::cli
