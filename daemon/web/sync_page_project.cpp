#include <algorithm>
#include <array>

#include "core/platform/http/server/response.hpp"
#include "core/platform/web/html/number_text.hpp"
#include "core/platform/web/html/sentence.hpp"
#include "core/platform/web/html/state_mark.hpp"
#include "core/platform/web/html/time_element.hpp"
#include "core/sync/store/task_list.hpp"
#include "daemon/web/frame.hpp"
#include "daemon/web/sync_page_parts.hpp"
#include "daemon/web/sync_pages.hpp"
#include "html_names/part_connections.hpp"
#include "html_names/project.hpp"

// One project: its repositories, tasks and members.

namespace devy::daemon {
namespace {

namespace project_names = html::project;
namespace connections_names = html::part_connections;

constexpr int tasks_shown = 50;
constexpr int project_refused = 422;

struct TaskChip {
  std::string_view state, title;
};
constexpr std::array<TaskChip, 4> task_chips{
    {{"open", "Open"}, {"closed", "Closed"}, {"", "All"}, {"archived", "Put away"}}};

struct TasksAsked {
  std::string state, text, cursor;
};
TasksAsked read_tasks_asked(const Visit& visit) {
  TasksAsked asked{std::string(visit.query.line("state").value_or("open")),
                   std::string(visit.query.line("q").value_or("")),
                   std::string(visit.query.line("cursor").value_or(""))};
  const bool is_known = std::ranges::any_of(
      task_chips, [&](const TaskChip& chip) { return chip.state == asked.state; });
  if (!is_known) asked.state = "open";
  return asked;
}

html::Url tasks_address(const sync::Project& project, const TasksAsked& asked) {
  std::vector<html::QueryField> query{{"state", asked.state}};
  if (!asked.text.empty()) query.push_back({"q", asked.text});
  if (!asked.cursor.empty()) query.push_back({"cursor", asked.cursor});
  return html::own_url({"projects", project.owner, project.slug}, query);
}

bool is_at_work(const sync::Connected& one) {
  const bool is_open = one.operation_state == "verified" || one.operation_state == "scheduled" ||
                       one.operation_state == "processing";
  return is_open || one.state == "connecting" || one.state == "loading" || one.state == "tasks" ||
         one.state == "comments" || one.state == "exporting";
}

std::string connection_text(const sync::Connected& one) {
  if (!one.reason.empty()) {
    const auto text = sync::explain_reason(one.reason);
    return text.message + (text.hint.empty() ? "" : ". " + text.hint);
  }
  if (one.state == "connecting") return "GitHub is asked for the rights";
  if (one.state == "loading") return "the repository is read";
  if (one.state == "tasks" || one.state == "comments") return "tasks are made of what was read";
  if (one.state == "exporting") return "tasks of this site become issues";
  return "both sides are kept equal";
}

void fill_connection_acts(html::Fill& row, const Visit& visit, const SeenProject& seen,
                          const sync::Connected& one, const std::string& csrf) {
  auto& acts = row.add(connections_names::acts);
  acts.set_url(connections_names::act_url,
               html::own_url({"projects", seen.project.owner, seen.project.slug}));
  acts.set(connections_names::csrf, csrf);
  acts.set(connections_names::connection_key, one.id);
  if (!visit.config.sync.enabled) return;
  if (one.state == "blocked") acts.show(connections_names::may_approve);
  if (one.state == "synced") acts.show(connections_names::may_sync);
  if (one.state == "disconnected") acts.show(connections_names::may_connect);
  else acts.show(connections_names::may_disconnect);
}

void fill_connections(html::Fill& fill, const Visit& visit, const SeenProject& seen,
                      const std::vector<sync::Connected>& connections, const std::string& csrf) {
  if (connections.empty()) {
    fill.show(connections_names::none);
    return;
  }
  auto& rows = fill.add(connections_names::rows);
  for (const auto& one : connections) {
    auto& row = rows.add(connections_names::row);
    html::set_state(row, {connections_names::state_mark, connections_names::state}, one.state);
    const auto name = one.repository.empty() ? std::to_string(one.repository_id) : one.repository;
    row.set(connections_names::repository_name, name);
    row.set(connections_names::state_text, connection_text(one));
    auto progress = std::string(html::none_text);
    if (one.total) progress = html::number_text(one.done) + " of " + html::number_text(*one.total);
    else if (one.done > 0) progress = html::number_text(one.done);
    row.set(connections_names::progress_text, progress);
    const auto url = html::https_url(github_site(visit) + "/" + one.repository);
    if (url && !one.repository.empty())
      row.add(connections_names::linked).set_url(connections_names::repository_url, *url);
    else row.show(connections_names::unlinked);
    if (seen.rights.administers) fill_connection_acts(row, visit, seen, one, csrf);
  }
}

std::string digest_of_connections(const Visit& visit, const SeenProject& seen,
                                  const std::vector<sync::Connected>& connections) {
  html::Fill said;
  fill_connections(said, visit, seen, connections, "");
  return live_digest(connections_names::template_file, said);
}

void fill_live_connections(html::Fill& fill, const Visit& visit, const SeenProject& seen,
                           const std::vector<sync::Connected>& connections,
                           const std::string& digest) {
  fill_connections(fill, visit, seen, connections, visit.csrf);
  if (std::ranges::none_of(connections, is_at_work)) return;
  auto& live = fill.add(connections_names::live);
  live.set_url(
      connections_names::part_url,
      html::own_url({"projects", seen.project.owner, seen.project.slug}, {{"seen", digest}}));
  live.set(connections_names::poll_seconds, std::int64_t{sync_poll_seconds} * visit.poll_factor);
}

std::string task_words(const sync::Task& task, const sync::RecordState& state) {
  auto text = std::string(task.state == "closed" ? "closed" : "open");
  if (state.github_key) text += ", #" + std::to_string(*state.github_key);
  if (!task.labels.empty()) text += ", " + joined_words(task.labels);
  if (!task.assignees.empty()) {
    std::vector<std::string> names;
    for (const auto& person : task.assignees)
      names.push_back(person.shown());
    text += ", for " + joined_words(names);
  }
  if (task.comments > 0) text += ", " + html::number_text(task.comments) + " comments";
  return text;
}

void fill_tasks(html::Fill& content, Visit& visit, const SeenProject& seen, TasksAsked asked) {
  sync::TaskFilter filter;
  filter.project_id = seen.project.id;
  filter.is_archived = asked.state == "archived";
  if (!filter.is_archived) filter.state = asked.state;
  filter.text = asked.text;
  filter.cursor = asked.cursor;
  filter.limit = tasks_shown;
  const auto page = sync::list_tasks(visit.connection, filter);
  if (page.tasks.empty()) {
    html::Sentence(content.add(project_names::empty), project_names::empty_text)
        .text(asked.text.empty() ? "There are no such tasks." : "No task has these words.");
    return;
  }
  std::vector<std::string> ids;
  for (const auto& task : page.tasks)
    ids.push_back(task.id);
  const auto states = sync::read_states(visit.connection, ids, visit.config.sync.write_gap);
  auto& rows = content.add(project_names::rows);
  for (const auto& task : page.tasks) {
    const auto& state = states.at(task.id);
    auto& row = rows.add(project_names::row);
    html::set_state(row, {project_names::sync_mark, project_names::sync_state},
                    sync_word(state.state));
    row.set_url(project_names::task_url, html::own_url({"tasks", task.id}));
    row.set(project_names::task_name, task.name());
    row.set(project_names::task_title, task.title);
    row.set(project_names::task_text, task_words(task, state));
    html::set_age(row, {project_names::updated_utc, project_names::updated}, task.updated_at,
                  visit.now);
  }
  if (page.cursor.empty()) return;
  asked.cursor = page.cursor;
  content.add(project_names::older)
      .set_url(project_names::older_url, tasks_address(seen.project, asked));
}

void fill_task_forms(html::Fill& content, const SeenProject& seen, const TasksAsked& asked,
                     const ProjectForms& forms) {
  for (const auto& chip : task_chips) {
    auto& item = content.add(project_names::state_chip);
    item.set_url(project_names::state_url,
                 tasks_address(seen.project, {std::string(chip.state), asked.text, ""}));
    item.set(project_names::state_title, chip.title);
    if (chip.state == asked.state) item.show(project_names::current);
  }
  content.set_url(project_names::find_url,
                  html::own_url({"projects", seen.project.owner, seen.project.slug}));
  content.set(project_names::find_text, asked.text);
  content.set(project_names::find_state, asked.state);
  if (!seen.rights.adds) return;
  auto& add = content.add(project_names::add);
  add.set(project_names::title_text, forms.task_title);
  add.set(project_names::body_text, forms.task_body);
  add.set(project_names::label_text, forms.task_labels);
  if (forms.task_error.empty()) return;
  add.show(project_names::add_opened);
  add.add(project_names::add_wrong).set(project_names::add_wrong_text, forms.task_error);
}

void fill_admin(html::Fill& content, Visit& visit, const SeenProject& seen,
                const std::vector<sync::Connected>& connections, const ProjectForms& forms) {
  if (!seen.rights.administers) return;
  if (visit.config.sync.enabled) {
    auto& connect = content.add(project_names::connect);
    connect.set(project_names::repository_text, forms.repository);
    if (forms.connect_error.empty()) connect.show(project_names::right);
    else connect.add(project_names::wrong).set(project_names::wrong_text, forms.connect_error);
    if (connections.empty() || !forms.connect_error.empty()) connect.show(project_names::opened);
  }
  auto& members = content.add(project_names::members);
  for (const auto& member : sync::list_members(visit.connection, seen.project.id)) {
    auto& item = members.add(project_names::member);
    item.set(project_names::member_name, member.username);
    item.set(project_names::member_role, member.is_owner ? "owner" : member.role);
    if (!member.is_owner)
      item.add(project_names::remove).set(project_names::remove_name, member.username);
  }
}

}  // namespace

http::Response answer_project(Visit& visit, const SeenProject& seen, const ProjectForms& forms) {
  const auto connections = sync::list_connections(visit.connection, seen.project.id);
  const auto digest = digest_of_connections(visit, seen, connections);
  const bool is_refused = !forms.task_error.empty() || !forms.connect_error.empty();
  if (visit.wants_part() && !is_refused) {
    if (visit.query.line("seen") == digest) return server::empty_response();
    html::Fill part;
    fill_live_connections(part, visit, seen, connections, digest);
    return part_response(connections_names::template_file, part);
  }
  const auto asked = read_tasks_asked(visit);
  Frame frame(visit, {.title = seen.project.address(),
                      .path = "/projects",
                      .is_running = std::ranges::any_of(connections, is_at_work)});
  if (const auto done = sync_done_text(visit.query.line("done").value_or("")); !done.empty())
    frame.notice("Done", done);
  auto& content = frame.content(project_names::template_file);
  content.set_url(project_names::projects_url, html::own_url({"projects"}));
  content.set(project_names::project_name, seen.project.address());
  content.set(project_names::project_title, seen.project.title);
  content.set_url(project_names::act_url,
                  html::own_url({"projects", seen.project.owner, seen.project.slug}));
  content.set(project_names::csrf, visit.csrf);
  fill_live_connections(
      content.include(project_names::connections, connections_names::template_file), visit, seen,
      connections, digest);
  fill_task_forms(content, seen, asked, forms);
  fill_tasks(content, visit, seen, asked);
  fill_admin(content, visit, seen, connections, forms);
  html::Facts facts(content, project_names::facts);
  facts.add("Seen by").text(seen.project.is_private ? "members" : "everybody");
  facts.add("Where both changed")
      .text(seen.project.conflict == "github" ? "GitHub's side wins" : "this side wins");
  facts.add("A deleted task's issue")
      .text(seen.project.on_task_delete == "close" ? "is closed" : "is left");
  facts.add("Made").clock(seen.project.created_at, visit.now);
  return frame.response(is_refused ? project_refused : 200);
}

http::Response show_project(Visit& visit) {
  const auto& values = visit.request.path_values;
  return answer_project(
      visit, seen_project(visit.connection, values[0] + "/" + values[1], viewer_of(visit)), {});
}

}  // namespace devy::daemon
