#pragma once
// The API's documents of projects, tasks and comments (sync.md, section 8), which the command line
// prints, too. Pure; any thread.

#include <string>

#include "core/platform/json/json.hpp"
#include "core/sync/store/connection_store.hpp"
#include "core/sync/store/project_store.hpp"
#include "core/sync/store/record_history.hpp"
#include "core/sync/store/record_state.hpp"
#include "core/sync/store/task_list.hpp"
#include "core/sync/store/verify_store.hpp"

namespace devy::sync {

// {username, github_login}; of nobody: GitHub's login "ghost".
[[nodiscard]] json::Json person_json(const Person& person);
// `site`: where GitHub's pages are.
[[nodiscard]] json::Json task_json(const Task& task, const RecordState& state,
                                   const std::string& site);
[[nodiscard]] json::Json comment_json(const Comment& comment, const RecordState& state,
                                      const std::string& site);
[[nodiscard]] json::Json version_json(const Version& version);
[[nodiscard]] json::Json record_operation_json(const RecordOperation& operation);

[[nodiscard]] json::Json project_json(const Project& project);
[[nodiscard]] json::Json member_json(const Member& member);
[[nodiscard]] json::Json connection_json(const Connected& connection);
[[nodiscard]] json::Json installation_json(const Installation& installation);
[[nodiscard]] json::Json comparison_json(const std::string& project, const Comparison& comparison);

}  // namespace devy::sync
