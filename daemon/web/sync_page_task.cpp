#include <algorithm>
#include <array>

#include "core/platform/http/server/response.hpp"
#include "core/platform/json/reader.hpp"
#include "core/platform/web/html/number_text.hpp"
#include "core/platform/web/html/sentence.hpp"
#include "core/platform/web/html/state_mark.hpp"
#include "core/platform/web/html/time_element.hpp"
#include "core/sync/store/record_history.hpp"
#include "daemon/web/frame.hpp"
#include "daemon/web/sync_page_lost.hpp"
#include "daemon/web/sync_page_parts.hpp"
#include "daemon/web/sync_pages.hpp"
#include "html_names/part_task_sync.hpp"
#include "html_names/task.hpp"

// One task.

namespace devy::daemon {
namespace {

namespace task_names = html::task;
namespace task_sync_names = html::part_task_sync;

constexpr int comments_shown = 100, task_operations_shown = 10;
constexpr std::size_t task_versions_shown = 20;
constexpr int task_refused = 422;

struct TaskList {
  std::string_view list, title;
};
constexpr std::array<TaskList, 4> task_lists{
    {{"inbox", "Inbox"}, {"doing", "Doing"}, {"done", "Done"}, {"pull_requests", "Pull requests"}}};

void fill_task_sync(html::Fill& fill, const Visit& visit, const sync::RecordState& state) {
  html::set_state(fill, {task_sync_names::sync_mark, task_sync_names::sync_state},
                  sync_word(state.state));
  html::Sentence text(fill, task_sync_names::sync_text);
  text.text("It " + sync::state_words(state.state));
  if (state.position && *state.position > 0)
    text.text(", " + html::bounded_count_text(*state.position, sync::positions_counted_max) +
              (*state.position == 1 ? " goes" : " go") + " before it");
  if (state.not_before) text.text(", not before ").clock(*state.not_before, visit.now);
  if (state.since) text.text(", since ").clock(*state.since, visit.now);
  if (state.reason)
    text.text(": " + state.reason->message + (state.reason->hint.empty() ? "" : ". ") +
              state.reason->hint);
}

std::string digest_of_sync(const Visit& visit, const sync::RecordState& state) {
  html::Fill said;
  fill_task_sync(said, visit, state);
  return live_digest(task_sync_names::template_file, said);
}

void fill_live_sync(html::Fill& fill, const Visit& visit, const sync::Task& task,
                    const sync::RecordState& state) {
  fill_task_sync(fill, visit, state);
  if (sync::is_at_rest(state.state)) return;
  auto& live = fill.add(task_sync_names::live);
  live.set_url(task_sync_names::part_url,
               html::own_url({"tasks", task.id}, {{"seen", digest_of_sync(visit, state)}}));
  live.set(task_sync_names::poll_seconds, std::int64_t{sync_poll_seconds} * visit.poll_factor);
}

void fill_task_acts(html::Fill& content, const Visit& visit, const SeenTask& seen, bool is_editor,
                    const sync::RecordState& state) {
  const auto& task = seen.task;
  const auto url = html::https_url(state.url(github_site(visit)));
  if (url) {
    auto& link = content.add(task_names::github);
    link.set_url(task_names::github_url, *url);
    link.set(task_names::github_name, "#" + std::to_string(*state.github_key));
  }
  const bool is_linked =
      state.state != "local" && state.state != "gone" && state.state != "disabled";
  if (seen.rights.adds && is_linked && visit.config.sync.enabled) content.show(task_names::ask);
  if (!is_editor || task.is_merged) return;
  auto& change = content.add(task_names::switching);
  change.set(task_names::switch_act, task.state == "open" ? "close" : "reopen");
  change.set(task_names::switch_title, task.state == "open" ? "Close" : "Open again");
}

void fill_task_edit(html::Fill& content, const sync::Task& task, const TaskForms& forms) {
  auto& edit = content.add(task_names::edit);
  if (forms.is_edited) edit.show(task_names::edit_opened);
  edit.set(task_names::title_value, forms.is_edited ? forms.title : task.title);
  edit.set(task_names::body_value, forms.is_edited ? forms.body : task.body);
  edit.set(task_names::label_value, forms.is_edited ? forms.labels : joined_words(task.labels));
  edit.set(task_names::milestone_value,
           forms.is_edited ? forms.milestone : task.milestone.value_or(""));
  edit.set(task_names::version_value, std::to_string(task.version));
  const auto& chosen = forms.is_edited ? forms.list : task.list;
  for (const auto& list : task_lists) {
    auto& option = edit.add(task_names::list_option);
    option.set(task_names::list_value, list.list);
    option.set(task_names::list_title, list.title);
    if (list.list == chosen) option.show(task_names::chosen);
  }
}

void fill_task_comments(html::Fill& content, Visit& visit, const SeenTask& seen,
                        const TaskForms& forms) {
  const auto page =
      sync::list_comments(visit.connection, seen.task.id,
                          std::string(visit.query.line("cursor").value_or("")), comments_shown);
  std::vector<std::string> ids;
  for (const auto& comment : page.comments)
    ids.push_back(comment.id);
  const auto states = sync::read_states(visit.connection, ids, visit.config.sync.write_gap);
  if (page.comments.empty()) content.show(task_names::no_comments);
  const auto viewer = viewer_of(visit);
  for (const auto& comment : page.comments) {
    auto& item = content.add(task_names::comment);
    item.set(task_names::comment_code, "c-" + comment.id);
    item.set(task_names::author_name, comment.author.shown());
    html::set_clock(item, {task_names::said_utc, task_names::said}, comment.created_at, visit.now);
    item.set(task_names::comment_text, comment.body);
    html::set_state(item, {task_names::sync_mark, task_names::sync_state},
                    sync_word(states.at(comment.id).state));
    if (comment.deleted_at) item.show(task_names::erased);
    else if (may_edit(comment, viewer))
      item.add(task_names::erase).set(task_names::comment_key, comment.id);
  }
  if (!page.cursor.empty())
    content.add(task_names::more_comments)
        .set_url(task_names::more_url,
                 html::own_url({"tasks", seen.task.id}, {{"cursor", page.cursor}}));
  if (seen.rights.adds && !seen.task.deleted_at)
    content.add(task_names::say).set(task_names::say_text, forms.said);
}

void fill_task_versions(html::Fill& content, Visit& visit, const sync::Task& task, bool is_editor,
                        const std::vector<sync::Version>& versions) {
  for (std::size_t i = 0; i < std::min(versions.size(), task_versions_shown); ++i) {
    const auto& version = versions[i];
    auto& item = content.add(task_names::version);
    item.set(task_names::version_code, "Version " + std::to_string(version.version));
    const auto origin = version.origin == "github"  ? "from GitHub"
                        : version.origin == "merge" ? "of both sides"
                                                    : "made here";
    item.set(task_names::version_text, std::string(origin) + " by " + version.author.shown() +
                                           (version.is_lost ? ", lost" : ""));
    html::set_clock(item, {task_names::version_utc, task_names::version_time}, version.at,
                    visit.now);
    if (is_editor && version.version != task.version)
      item.add(task_names::restore)
          .set(task_names::restore_version, std::to_string(version.version));
  }
}

void fill_task_operations(html::Fill& content, Visit& visit, const sync::Task& task) {
  for (const auto& one :
       sync::list_record_operations(visit.connection, task.id, task_operations_shown)) {
    auto& item = content.add(task_names::operation);
    html::set_state(item, {task_names::state_mark, task_names::state}, one.state);
    item.set_url(task_names::operation_url, html::own_url({"operations", one.id}));
    item.set(task_names::operation_name, one.direction == "outbound" ? "to GitHub" : "from GitHub");
    auto text = one.outcome.empty() ? one.source : one.outcome;
    if (!one.fields.empty()) text += ": " + joined_words(one.fields);
    if (!one.error_text.empty()) text += ", " + one.error_text;
    item.set(task_names::operation_text, text);
  }
}

void fill_task_facts(html::Fill& content, const Visit& visit, const sync::Task& task) {
  html::Facts facts(content, task_names::facts);
  facts.add("State").text(task.state + (task.state_reason ? " as " + *task.state_reason : ""));
  facts.add("Author").text(task.author.shown());
  std::vector<std::string> names;
  for (const auto& person : task.assignees)
    names.push_back(person.shown());
  facts.add("For").text(names.empty() ? std::string(html::none_text) : joined_words(names));
  facts.add("Labels").text(task.labels.empty() ? std::string(html::none_text)
                                               : joined_words(task.labels));
  facts.add("Milestone").text(task.milestone.value_or(std::string(html::none_text)));
  facts.add("List").text(task.list);
  facts.add("Made").clock(task.created_at, visit.now);
  facts.add("Changed").clock(task.updated_at, visit.now);
  facts.add_id("Id", task.id);
}

}  // namespace

http::Response answer_task(Visit& visit, const SeenTask& seen, const TaskForms& forms) {
  const auto& task = seen.task;
  const auto state =
      sync::read_states(visit.connection, {task.id}, visit.config.sync.write_gap).at(task.id);
  if (visit.wants_part() && forms.error.empty()) {
    if (visit.query.line("seen") == digest_of_sync(visit, state)) return server::empty_response();
    html::Fill part;
    fill_live_sync(part, visit, task, state);
    return part_response(task_sync_names::template_file, part);
  }
  const bool is_editor = may_edit(task, seen.rights, viewer_of(visit)) && !task.deleted_at;
  Frame frame(visit, {.title = task.name() + " " + task.title,
                      .path = "/projects",
                      .is_running = !sync::is_at_rest(state.state)});
  if (const auto done = sync_done_text(visit.query.line("done").value_or("")); !done.empty())
    frame.notice("Done", done);
  auto& content = frame.content(task_names::template_file);
  const auto slash = task.project.find('/');
  content.set_url(task_names::project_url, html::own_url({"projects", task.project.substr(0, slash),
                                                          task.project.substr(slash + 1)}));
  content.set(task_names::project_name, task.project);
  content.set(task_names::task_name, task.name());
  content.set(task_names::task_title, task.title);
  content.set_url(task_names::act_url, html::own_url({"tasks", task.id}));
  content.set(task_names::csrf, visit.csrf);
  fill_live_sync(content.include(task_names::sync, task_sync_names::template_file), visit, task,
                 state);
  fill_task_acts(content, visit, seen, is_editor, state);
  if (task.deleted_at) content.show(task_names::deleted);
  if (!forms.error.empty()) content.add(task_names::wrong).set(task_names::wrong_text, forms.error);
  const auto versions = sync::list_versions(visit.connection, task.id);
  fill_lost(content, task, state, versions, is_editor);
  content.set(task_names::body_text, task.body.empty() ? "Nothing." : task.body);
  if (is_editor) {
    fill_task_edit(content, task, forms);
    content.show(task_names::erase_task);
  }
  fill_task_facts(content, visit, task);
  fill_task_comments(content, visit, seen, forms);
  fill_task_versions(content, visit, task, is_editor, versions);
  fill_task_operations(content, visit, task);
  return frame.response(forms.error.empty() ? 200 : task_refused);
}

http::Response show_task(Visit& visit) {
  return answer_task(
      visit, seen_task(visit.connection, visit.request.path_values[0], viewer_of(visit)), {});
}

}  // namespace devy::daemon
