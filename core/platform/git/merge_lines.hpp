#pragma once
// Merges two changes of one text, line by line, as `git merge-file` does. Pure; any thread. Throws
// Error(internal) when libgit2 does.

#include <optional>
#include <string>
#include <string_view>

namespace devy::git {

// Nothing where the changes touch each other. Lines end in LF.
[[nodiscard]] std::optional<std::string> merge_lines(std::string_view base, std::string_view ours,
                                                     std::string_view theirs);

}  // namespace devy::git
