#pragma once
// The inspect document of cli.md and what goes with it. Pure.

#include "cli/json_output.hpp"
#include "core/store/upload_store.hpp"

namespace devy::cli {

[[nodiscard]] Json upload_json(const store::Upload& upload);
[[nodiscard]] Json attempt_json(const store::AttemptRow& attempt);
[[nodiscard]] Json event_json(const store::EventRow& event);

}  // namespace devy::cli
