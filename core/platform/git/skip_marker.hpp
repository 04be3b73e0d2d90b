#pragma once
// The words in a commit's message by which its author asks that nothing be run for it. One rule for
// deliveries, uploads and reconcile. Pure; any thread.

#include <string_view>

namespace devy::git {

// Finds GitHub's markers anywhere in the message ("[skip ci]", "[ci skip]", "[no ci]",
// "[skip actions]", "[actions skip]"), our own "[skip devy]", or a line "skip-checks: true".
[[nodiscard]] bool has_skip_marker(std::string_view commit_message);

}  // namespace devy::git
