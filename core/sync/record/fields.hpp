#pragma once
// The fields of a task and of a comment that are kept equal with GitHub, in our own words: what
// tables, versions and the API have. Values; pure functions; any thread.
//
// In JSON (record_version.fields) a task is {"title", "body", "state", "state_reason", "labels",
// "milestone", "assignees"}; assignees are numbers of GitHub's users; a comment is {"body"}.

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/json/json.hpp"

namespace devy::record {

struct TaskFields {
  std::string title = {}, body = {};
  bool is_closed = false;
  std::string state_reason = {};  // completed, not_planned or duplicate; empty while it is open
  std::set<std::string> labels = {};
  std::optional<std::string> milestone = {};  // its title
  // Only accounts that are linked with a user of GitHub, and such users, can be assigned there.
  std::set<std::int64_t> assignees = {};
  friend bool operator==(const TaskFields&, const TaskFields&) = default;
};

// The names of fields as refused, fields[] and metrics have them, in the order in which they are
// compared; state and its reason are one field.
inline constexpr const char* task_field_names[] = {"title",  "body",      "state",
                                                   "labels", "milestone", "assignees"};

[[nodiscard]] json::Json to_json(const TaskFields& fields);
// Throws Error(internal) for a document that to_json() did not make.
[[nodiscard]] TaskFields task_fields(const std::string& json);

// 64 hexadecimal digits that name a field's value: of what GitHub would not take, sync_link.refused
// keeps them. Throws Error(internal) for a name that is not in task_field_names.
[[nodiscard]] std::string value_digest(const TaskFields& fields, std::string_view field);

// Line ends become LF, and white space at both ends goes: browsers and GitHub change these
// (sync.md, section 3).
[[nodiscard]] std::string normal_text(std::string_view text);

}  // namespace devy::record
