#pragma once
// The routes about rows of files: lists, one file, quotas, tokens (files_api.hpp).

#include <optional>
#include <vector>

#include "daemon/web/files_api.hpp"

namespace devy::daemon {

[[nodiscard]] std::vector<FilesRoute> file_row_routes();
// The caller's file of the path's id; nothing for another's.
[[nodiscard]] std::optional<files::File> file_of_path(FilesCall& call);

}  // namespace devy::daemon
