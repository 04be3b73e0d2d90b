#pragma once
// Reads of GitHub's documents what is kept equal. Pure; any thread. Throws base::Error for a
// document that is none.

#include "core/platform/json/reader.hpp"
#include "core/sync/record/remote.hpp"

namespace devy::inbound {

// Reads an issue or a pull request.
[[nodiscard]] record::RemoteTask remote_task_of(const json::Value& document);
[[nodiscard]] record::RemoteComment remote_comment_of(const json::Value& document);

}  // namespace devy::inbound
