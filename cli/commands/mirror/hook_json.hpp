#pragma once
// How a mirrored repository's webhook does, as JSON. Pure; any thread.

#include "core/mirror/store/console_store.hpp"
#include "core/platform/json/json.hpp"

namespace devy::cli {

// {"id", "state", "last_ping_at"}
[[nodiscard]] json::Json hook_json(const mirror::HookState& hook);

}  // namespace devy::cli
