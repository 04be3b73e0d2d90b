#pragma once
// The inspect document of cli.md and what goes with it. Pure.

#include "core/base/json.hpp"
#include "core/store/upload_store.hpp"

namespace devy::store {

[[nodiscard]] base::Json upload_json(const Upload& upload);
[[nodiscard]] base::Json attempt_json(const AttemptRow& attempt);
[[nodiscard]] base::Json event_json(const EventRow& event);

}  // namespace devy::store
