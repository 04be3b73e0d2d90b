#pragma once
// The documents of `diff`, `check` and `verify` (cli.md). Pure.

#include <string>

#include "cli/json_output.hpp"
#include "core/upload/service.hpp"

namespace devy::cli {

// The changes that publishing would really make: a file in error keeps its last good version.
[[nodiscard]] snapshot::Changeset effective_changes(const upload::Preview& preview);

[[nodiscard]] Json preview_json(const upload::Preview& preview);
[[nodiscard]] Json check_json(const std::string& directory, const upload::CheckReport& report);
[[nodiscard]] Json verification_json(const upload::Verification& verification);

}  // namespace devy::cli
