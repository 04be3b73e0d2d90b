#pragma once
// Writes the inspect document of cli.md and its parts. Pure.

#include "core/platform/json/json.hpp"
#include "core/publishing/store/upload_store.hpp"

namespace devy::publishing {

[[nodiscard]] json::Json upload_json(const Upload& upload);
[[nodiscard]] json::Json attempt_json(const AttemptRow& attempt);
[[nodiscard]] json::Json event_json(const EventRow& event);

}  // namespace devy::publishing
