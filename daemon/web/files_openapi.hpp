#pragma once
// The description of the API of files for programs, in OpenAPI 3.1: GET /v1/files/openapi.json, for
// anybody. It stands in files_openapi.json, which is embedded.

#include "core/platform/http/server/server.hpp"

namespace devy::daemon {

[[nodiscard]] server::Route files_openapi_route();

}  // namespace devy::daemon
