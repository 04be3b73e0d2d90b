#include "core/platform/base/error.hpp"
#include "core/platform/web/html/number_text.hpp"
#include "core/platform/web/html/sentence.hpp"
#include "core/platform/web/html/state_mark.hpp"
#include "daemon/web/frame.hpp"
#include "daemon/web/sync_page_parts.hpp"
#include "daemon/web/sync_pages.hpp"
#include "html_names/installations.hpp"
#include "html_names/projects.hpp"

// The list of projects, and that of installations.

namespace devy::daemon {
namespace {

namespace projects_names = html::projects;
namespace installations_names = html::installations;

constexpr int projects_shown = 50;
constexpr int form_refused = 422;

struct ProjectForm {
  std::string slug, title, error;
};

http::Response answer_projects(Visit& visit, const ProjectForm& form) {
  const std::string after(visit.query.line("after").value_or(""));
  auto projects =
      sync::list_projects(visit.connection, viewer_of(visit), false, after, projects_shown + 1);
  const bool is_more = projects.size() > projects_shown;
  if (is_more) projects.pop_back();
  Frame frame(visit, {.title = "Projects", .path = "/projects"});
  auto& content = frame.content(projects_names::template_file);
  html::Sentence(content, projects_names::projects_text)
      .text("Tasks that are kept equal with the issues of repositories at GitHub.");
  if (!visit.config.sync.enabled)
    html::Sentence(content.add(projects_names::off), projects_names::off_text)
        .text("Sync is switched off here: an operator switches it on by ")
        .code("sync.enabled")
        .text(".");
  auto& make = content.add(projects_names::make);
  make.set_url(projects_names::act_url, html::own_url({"projects"}));
  make.set(projects_names::csrf, visit.csrf);
  make.set(projects_names::slug_text, form.slug);
  make.set(projects_names::title_text, form.title);
  make.set(projects_names::owner_name, visit.visitor->username);
  if (form.error.empty()) make.show(projects_names::right);
  else make.add(projects_names::wrong).set(projects_names::wrong_text, form.error);
  if (!form.error.empty() || projects.empty()) make.show(projects_names::opened);
  if (projects.empty())
    html::Sentence(content.add(projects_names::empty), projects_names::empty_text)
        .text(after.empty() ? "There are no projects that you see yet. Make one."
                            : "There are no more projects.");
  else {
    auto& rows = content.add(projects_names::rows);
    for (const auto& project : projects) {
      auto& row = rows.add(projects_names::row);
      row.set_url(projects_names::project_url,
                  html::own_url({"projects", project.owner, project.slug}));
      row.set(projects_names::project_name, project.address());
      row.set(projects_names::project_title, project.title);
      row.set(projects_names::seen_by, project.is_private ? "members" : "everybody");
      row.set(projects_names::task_count, html::number_text(project.open_tasks));
      row.set(projects_names::repository_count, html::number_text(project.connections));
    }
  }
  if (is_more)
    content.add(projects_names::older)
        .set_url(projects_names::older_url,
                 html::own_url({"projects"}, {{"after", projects.back().address()}}));
  return frame.response(form.error.empty() ? 200 : form_refused);
}

}  // namespace

http::Response show_projects(Visit& visit) {
  return answer_projects(visit, {});
}

http::Response make_project(Visit& visit) {
  ProjectForm form{std::string(visit.form.line("slug").value_or("")),
                   std::string(visit.form.line("title").value_or("")), ""};
  try {
    pg::Transaction transaction(visit.connection);
    static_cast<void>(sync::add_project(
        visit.connection,
        {visit.visitor->account_id, form.slug, form.title.empty() ? form.slug : form.title,
         visit.form.line("private") == "yes"}));
    note_sync_act(visit, "project.add", visit.visitor->username + "/" + form.slug);
    transaction.commit();
  } catch (const base::Error& error) {
    if (error.kind() != base::ErrorKind::usage && error.kind() != base::ErrorKind::conflict) throw;
    form.error = error.text() + ". " + error.hint();
    return answer_projects(visit, form);
  }
  return to_page({"projects", visit.visitor->username, form.slug}, "made");
}

http::Response show_installations(Visit& visit) {
  const auto viewer = viewer_of(visit);
  const auto found = sync::list_installations(visit.connection,
                                              viewer.sees_all ? std::nullopt : viewer.account_id);
  Frame frame(visit, {.title = "Installations", .path = "/installations"});
  auto& content = frame.content(installations_names::template_file);
  html::Sentence text(content, installations_names::installations_text);
  text.text(found.empty()
                ? "The GitHub App is installed nowhere that you may see. GitHub tells when it is."
                : "Where the GitHub App is installed, as GitHub last told.");
  if (found.empty()) return frame.response();
  auto& rows = content.add(installations_names::rows);
  for (const auto& one : found) {
    auto& row = rows.add(installations_names::row);
    html::set_state(row, {installations_names::state_mark, installations_names::state}, one.state);
    row.set(installations_names::account_name, one.login);
    row.set(installations_names::account_text,
            one.account_type + ", installation " + std::to_string(one.id));
    row.set(installations_names::missing_text,
            one.missing.empty() ? "none" : joined_words(one.missing));
    row.set(installations_names::repository_text,
            one.repositories.empty() ? "none" : joined_words(one.repositories));
    row.set(installations_names::budget_text,
            one.remaining ? html::number_text(*one.remaining) : std::string(html::none_text));
  }
  return frame.response();
}

}  // namespace devy::daemon
