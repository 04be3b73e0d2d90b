#pragma once
// The parts of a commit object that the history of a file needs (git's own format: header lines, an
// empty line, the message). Pure: bytes in, values out; any thread.

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/platform/snapshot/object_id.hpp"

namespace devy::git {

struct CommitObject {
  snapshot::BlobId tree;
  std::vector<snapshot::CommitId> parents;
  // Seconds since 1970; 0 where the line is missing or broken.
  std::int64_t authored_at = 0, committed_at = 0;
  std::string_view message;  // a part of the bytes that were parsed
};

// Returns nothing when the bytes do not begin as a commit does. Broken times are no reason: old
// conversions from other systems have them.
[[nodiscard]] std::optional<CommitObject> parse_commit_object(std::string_view bytes);

}  // namespace devy::git
