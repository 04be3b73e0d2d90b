#pragma once
// Writes the inspect document of cli.md. Pure.

#include "core/platform/json/json.hpp"
#include "core/publishing/store/upload_store.hpp"

namespace devy::publishing {

[[nodiscard]] json::Json upload_json(const Upload& upload);

}  // namespace devy::publishing
