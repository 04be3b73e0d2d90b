#include "daemon/web/publishing_page_overview.hpp"

#include "core/platform/web/html/number_text.hpp"
#include "core/platform/web/html/sentence.hpp"
#include "core/platform/web/html/state_mark.hpp"
#include "core/platform/web/html/time_element.hpp"
#include "core/platform/web/operation_list.hpp"
#include "core/publishing/store/blog_store.hpp"
#include "core/systems.hpp"
#include "daemon/web/frame.hpp"
#include "daemon/web/publishing_rights.hpp"
#include "html_names/overview.hpp"

namespace devy::daemon {
namespace {

namespace overview_names = html::overview;

constexpr int blogs_on_overview = 20;
constexpr std::size_t uploads_on_overview = 10;

void fill_blogs(html::Fill& fill, const Visit& visit, const std::vector<publishing::Blog>& blogs) {
  auto& section = fill.add(overview_names::blogs);
  section.set_url(overview_names::blogs_url, html::own_url({"blogs"}));
  for (const auto& blog : blogs) {
    auto& row = section.add(overview_names::blog);
    const auto state = blog.last_upload_state.value_or("waiting");
    row.set(overview_names::blog_mark, html::mark_of(state));
    row.set(overview_names::blog_state, state);
    row.set_url(overview_names::blog_url, html::own_url({"blogs", blog.username, blog.slug}));
    row.set(overview_names::blog_name, blog.address());
    html::Sentence text(row, overview_names::blog_text);
    text.text(html::number_text(blog.posts) + (blog.posts == 1 ? " post" : " posts"));
    if (blog.file_errors > 0)
      text.text(", ").strong(html::number_text(blog.file_errors) +
                             (blog.file_errors == 1 ? " file in error" : " files in error"));
    html::set_age(row, {overview_names::uploaded_utc, overview_names::uploaded},
                  blog.head_at.value_or(blog.created_at), visit.now);
  }
}

void fill_uploads(html::Fill& fill, Visit& visit) {
  web::OperationFilter filter;
  restrict_to_own(filter, visit);
  const auto list = web::list_operations(visit.connection, filter);
  if (list.lines.empty()) return;
  std::vector<std::string> ids;
  for (const auto& line : list.lines)
    ids.push_back(line.id);
  const auto subjects = systems::subjects(visit.connection, ids);
  auto& section = fill.add(overview_names::uploads);
  section.set_url(overview_names::uploads_url, html::own_url({"operations"}));
  for (std::size_t n = 0; n < list.lines.size() && n < uploads_on_overview; ++n) {
    const auto& line = list.lines[n];
    auto& row = section.add(overview_names::upload);
    row.set(overview_names::upload_mark, html::mark_of(line.state));
    row.set(overview_names::upload_state, line.state);
    row.set_url(overview_names::upload_url, html::own_url({"operations", line.id}));
    const auto subject = subjects.find(line.id);
    row.set(overview_names::upload_target, subject == subjects.end() ? line.key : subject->second);
    html::set_age(row, {overview_names::ended_utc, overview_names::ended},
                  line.finished_at.value_or(line.created_at), visit.now);
  }
}

void fill_first_steps(html::Fill& fill, bool has_blog) {
  auto& section = fill.add(overview_names::first_steps);
  const auto step = [&](std::string_view state, std::string_view title, std::string_view text) {
    auto& shown = section.add(overview_names::first_step);
    shown.set(overview_names::step_mark, html::mark_of(state == "done" ? "completed" : "waiting"));
    shown.set(overview_names::step_state, state);
    shown.set(overview_names::step_title, title);
    html::Sentence(shown, overview_names::step_text).text(text);
    return &shown;
  };
  auto* connect = step(has_blog ? "done" : "next", "Connect a repository",
                       "Its Markdown files become the posts of a blog.");
  if (!has_blog) {
    auto& act = connect->add(overview_names::step_act);
    act.set_url(overview_names::step_url, html::own_url({"blogs"}));
    act.set(overview_names::step_words, "Connect");
  }
  step("then", "Push a post", "Each push to the repository is published within seconds.");
}

}  // namespace

http::Response show_users_overview(Visit& visit) {
  const auto blogs = publishing::page_of_blogs(
      visit.connection, {.username = visit.visitor->username, .limit = blogs_on_overview});
  std::int64_t errors = 0;
  for (const auto& blog : blogs)
    errors += blog.file_errors;
  Frame frame(visit, {.title = "Overview", .path = "/"});
  auto& fill = frame.content(overview_names::template_file);
  fill.set(overview_names::overview_title, blogs.empty() ? "Your first blog"
                                           : errors == 0 ? "Your blogs are well"
                                                         : "Some files could not be read");
  html::Sentence text(fill, overview_names::overview_text);
  if (blogs.empty()) text.text("Connect a repository, and its Markdown files become posts.");
  else if (errors == 0) text.text("Readers see what your repositories hold.");
  else text.text("They keep their last good version until they are mended.");
  if (blogs.empty()) fill_first_steps(fill, false);
  else fill_blogs(fill, visit, blogs);
  fill_uploads(fill, visit);
  return frame.response();
}

}  // namespace devy::daemon
