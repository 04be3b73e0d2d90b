#pragma once
// The document that describes the API of projects and tasks, in OpenAPI 3.1 (sync_openapi.json).
// Pure; any thread.

#include "core/platform/http/server/server.hpp"

namespace devy::daemon {

// GET /v1/sync/openapi.json, for everybody.
[[nodiscard]] server::Route sync_openapi_route();

}  // namespace devy::daemon
