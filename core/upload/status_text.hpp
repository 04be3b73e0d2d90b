#pragma once
// What GitHub shows beside a commit of an upload: "3 added, 1 changed, 2 deleted", or the first
// file error. It may be read by everybody, so an error that is not about the repository is its code
// alone. Pure; any thread.

#include <optional>
#include <string>

#include "core/github/statuses.hpp"
#include "core/snapshot/file_error.hpp"
#include "core/store/upload_store.hpp"

namespace devy::upload {

// `first`: of the blog's file errors, where the upload has any.
[[nodiscard]] github::Status status_of(const store::Upload& upload,
                                       const std::optional<snapshot::FileError>& first,
                                       const std::string& target_url);

}  // namespace devy::upload
