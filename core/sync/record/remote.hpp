#pragma once
// An issue, a pull request or a comment as GitHub says it, as far as it is kept equal: what
// sync_link.base holds, in GitHub's words. Its digest says whether two of them mean the same: texts
// without the difference between CRLF and LF or white space at their ends, no body as an empty one,
// sets sorted, and closed without a reason as completed. Values; pure; any thread.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "core/platform/json/json.hpp"
#include "core/sync/record/fields.hpp"

namespace devy::record {

struct RemoteTask {
  std::string title, body;  // the body with our header and marker, where it has them
  bool is_closed = false;
  std::string state_reason;
  std::set<std::string> labels;  // GitHub's names
  std::optional<std::string> milestone;
  std::set<std::int64_t> assignees;
};
struct RemoteComment {
  std::string body;
};

[[nodiscard]] std::string digest(const RemoteTask& remote);  // 64 hex digits
[[nodiscard]] std::string digest(const RemoteComment& remote);
[[nodiscard]] json::Json to_json(const RemoteTask& remote);
[[nodiscard]] json::Json to_json(const RemoteComment& remote);
// Throw Error(internal) for documents that to_json() did not make.
[[nodiscard]] RemoteTask remote_task(const std::string& json);
[[nodiscard]] RemoteComment remote_comment(const std::string& json);

// GitHub's names of labels → ours; nothing: the label is ignored. A name that is not in it is the
// same on both sides.
using LabelMap = std::map<std::string, std::optional<std::string>>;
// In our words: without header and marker, labels mapped, ends of texts trimmed.
[[nodiscard]] TaskFields to_local(const RemoteTask& remote, const LabelMap& labels);
[[nodiscard]] std::string to_local(const RemoteComment& remote);

}  // namespace devy::record
