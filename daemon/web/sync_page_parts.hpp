#pragma once
// Parts that the pages of projects and tasks have in common. Belongs to the thread that answers.

#include <string>
#include <string_view>
#include <vector>

#include "core/sync/store/connection_store.hpp"
#include "core/sync/store/record_state.hpp"
#include "core/sync/store/viewer_store.hpp"
#include "daemon/web/page.hpp"
#include "daemon/web/sync_rights.hpp"

namespace devy::daemon {

// How often live parts ask, at most.
inline constexpr int sync_poll_seconds = 2;

[[nodiscard]] sync::Viewer viewer_of(const Visit& visit);
[[nodiscard]] std::string github_site(const Visit& visit);
// The word that stands in pages for a record's state: "waiting for a limit".
[[nodiscard]] std::string_view sync_word(const std::string& state);

void note_sync_act(Visit& visit, const char* act, const std::string& target);
// Throws Error(conflict) where sync is switched off.
void require_sync(const Visit& visit);
// Throws Error(denied) when he may not.
void require_right(bool has_right);
[[nodiscard]] http::Response to_page(const std::vector<std::string>& segments,
                                     const std::string& done);
// Says what an act has done, by the word in the page's address; empty for none.
[[nodiscard]] std::string_view sync_done_text(std::string_view done);

// "bug, red" as a set, and back.
[[nodiscard]] std::vector<std::string> words_between_commas(std::string_view text);
[[nodiscard]] std::string joined_words(const std::vector<std::string>& words);

// The texts that were typed into the forms of a page, and why it was not done; empty: nothing.
struct ProjectForms {
  std::string task_title, task_body, task_labels, task_error;
  std::string repository, connect_error;
};
[[nodiscard]] http::Response answer_project(Visit& visit, const SeenProject& seen,
                                            const ProjectForms& forms);
struct TaskForms {
  std::string error;
  bool is_edited = false;  // the rest was typed into the form that edits
  std::string title, body, labels, milestone, list;
  std::string said;
};
[[nodiscard]] http::Response answer_task(Visit& visit, const SeenTask& seen,
                                         const TaskForms& forms);

}  // namespace devy::daemon
