#pragma once
// The text that GitHub shows beside a commit for an upload: "3 added, 1 changed, 2 deleted", or the
// first file error. Everybody may read it, so an error that is not about the repository appears
// only as its code. Pure; any thread.

#include <optional>
#include <string>

#include "core/platform/github/statuses.hpp"
#include "core/platform/snapshot/file_error.hpp"
#include "core/publishing/store/upload_store.hpp"

namespace devy::status {

// `first` is the first of the blog's file errors, when the upload has any.
[[nodiscard]] github::Status status_of(const publishing::Upload& upload,
                                       const std::optional<snapshot::FileError>& first,
                                       const std::string& target_url);

}  // namespace devy::status
