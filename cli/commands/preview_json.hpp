#pragma once
// The documents of `diff`, `check` and `verify` (cli.md). Pure.

#include <string>

#include "cli/json_output.hpp"
#include "core/upload/service.hpp"

namespace devy::cli {

[[nodiscard]] Json preview_json(const upload::Preview& preview);
[[nodiscard]] Json check_json(const std::string& directory, const upload::CheckReport& report);
[[nodiscard]] Json verification_json(const upload::Verification& verification);

}  // namespace devy::cli
