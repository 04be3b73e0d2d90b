#pragma once
// Writes file errors and changesets as the JSON that upload.warnings and changeset.changes hold.
// Internal to core/store. Pure; any thread.

#include <string>
#include <string_view>
#include <vector>

#include "core/platform/snapshot/difference.hpp"
#include "core/platform/snapshot/file_error.hpp"

namespace devy::publishing {

// Limit for the warnings kept of one upload; the first ones are enough to explain the rest.
inline constexpr std::size_t warnings_max = 200;

[[nodiscard]] std::string to_json(const std::vector<snapshot::FileError>& errors);
[[nodiscard]] std::vector<snapshot::FileError> file_errors_from_json(std::string_view json);

// The form is [[op, path, blob, from]]; see the comment on changeset.changes in schema.sql.
[[nodiscard]] std::string to_json(const snapshot::Changeset& changeset);
[[nodiscard]] snapshot::Changeset changeset_from_json(std::string_view json, std::size_t unchanged);

}  // namespace devy::publishing
