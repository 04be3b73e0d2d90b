#pragma once
// The routes that take files: their bodies go to sinks as they come (files_api.hpp).

#include <vector>

#include "daemon/web/files_api.hpp"

namespace devy::daemon {

[[nodiscard]] std::vector<FilesRoute> file_upload_routes(const config::Files& settings);

}  // namespace devy::daemon
