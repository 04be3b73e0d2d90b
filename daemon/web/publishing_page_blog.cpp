#include "core/platform/base/error.hpp"
#include "core/platform/base/secret.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/platform/http/server/response.hpp"
#include "core/platform/web/html/number_text.hpp"
#include "core/platform/web/html/sentence.hpp"
#include "core/platform/web/html/state_mark.hpp"
#include "core/platform/web/html/time_element.hpp"
#include "core/publishing/connecting/acts.hpp"
#include "core/publishing/store/blog_store.hpp"
#include "core/publishing/store/post_store.hpp"
#include "core/publishing/store/upload_store.hpp"
#include "daemon/web/frame.hpp"
#include "daemon/web/hook_token.hpp"
#include "daemon/web/publishing_blog_hook.hpp"
#include "daemon/web/publishing_page_blogs.hpp"
#include "daemon/web/publishing_seen_blog.hpp"
#include "html_names/blog.hpp"

// One blog, and publishing it now.

namespace devy::daemon {
namespace {

namespace blog_names = html::blog;

using base::Error;
using base::ErrorKind;

constexpr int posts_shown = 10, uploads_shown = 10;
constexpr int blog_poll_seconds = 2;  // while something is under way
constexpr std::size_t blog_commit_shown = 8, blog_errors_shown = 50;

std::string state_of_blog(const publishing::Blog& blog) {
  if (!blog.is_connected || blog.frozen_reason) return "disabled";
  if (blog.pause) return "paused";
  return blog.last_upload_state.value_or("waiting");
}

void say_blog(html::Sentence text, const Visit& visit, const publishing::Blog& blog) {
  if (!blog.head_commit) {
    text.text("nothing was published yet");
    return;
  }
  text.text("shows ").code(blog.head_commit->substr(0, blog_commit_shown));
  if (blog.head_at) text.text(" since ").clock(*blog.head_at, visit.now);
  if (blog.pinned_commit) text.text(", pinned there by a rollback until the next push");
}

void fill_blog_problem(html::Fill& content, const publishing::Blog& blog) {
  if (blog.is_connected && !blog.frozen_reason && !blog.pause) return;
  auto& problem = content.add(blog_names::problem);
  problem.set(blog_names::problem_mark, "warn");
  html::Sentence text(problem, blog_names::problem_text);
  if (!blog.is_connected) {
    problem.set(blog_names::problem_title, "It is not connected");
    text.text("Its posts are stored, and shown to nobody. ")
        .link(html::own_url({"blogs", "connect"}, {{"slug", blog.slug}}),
              "Connect its repository again")
        .text(", and they come back.");
  } else if (blog.frozen_reason) {
    problem.set(blog_names::problem_title, "Its repository cannot be read any more");
    text.text(base::redact(*blog.frozen_reason));
  } else {
    problem.set(blog_names::problem_title, "It is paused");
    text.text(base::redact(blog.pause->reason));
  }
}

void fill_posts(html::Fill& content, Visit& visit, const publishing::Blog& blog) {
  content.set(blog_names::posts_title,
              html::number_text(blog.posts) + (blog.posts == 1 ? " post" : " posts"));
  const auto posts = publishing::list_posts(visit.connection, blog, true, posts_shown);
  if (posts.empty()) {
    html::Sentence(content.add(blog_names::no_posts), blog_names::no_posts_text)
        .text("Markdown files of the repository become posts at the next push.");
    return;
  }
  auto& section = content.add(blog_names::posts);
  for (const auto& post : posts) {
    auto& row = section.add(blog_names::post);
    html::Sentence(row, blog_names::post_title).text(post.title);
    row.set(blog_names::post_text, post.is_draft     ? "draft"
                                   : post.is_visible ? ""
                                                     : "not visible now");
    row.set(blog_names::post_path, post.path);
    row.set(blog_names::post_date,
            base::format_day(std::chrono::floor<std::chrono::days>(post.published_at)));
  }
}

std::string changes_text(const std::optional<publishing::ChangeCounts>& changes) {
  if (!changes) return std::string(html::none_text);
  std::string text;
  const auto add = [&](std::int64_t count, std::string_view mark) {
    if (count > 0) text += (text.empty() ? "" : " ") + std::string(mark) + std::to_string(count);
  };
  add(changes->created, "+");
  add(changes->updated, "~");
  add(changes->renamed, "»");
  add(changes->deleted, "−");
  return text.empty() ? "none" : text;
}

void fill_uploads_of(html::Fill& content, Visit& visit, const publishing::Blog& blog) {
  publishing::UploadFilter filter;
  filter.blog = blog.address();
  filter.limit = uploads_shown;
  const auto uploads = publishing::list_uploads(visit.connection, filter);
  if (uploads.empty()) return;
  auto& section = content.add(blog_names::uploads);
  for (const auto& upload : uploads) {
    auto& row = section.add(blog_names::upload);
    const auto state = queue::to_string(upload.state);
    row.set(blog_names::upload_mark, html::mark_of(state));
    row.set(blog_names::upload_state, state);
    row.set_url(blog_names::upload_url, html::own_url({"operations", upload.id.text()}));
    row.set(blog_names::commit, upload.commit ? upload.commit->substr(0, blog_commit_shown)
                                              : std::string(html::none_text));
    row.set(blog_names::trigger, upload.trigger);
    row.set(blog_names::changes, changes_text(upload.changes));
    row.set(blog_names::took,
            upload.duration_ms ? html::duration_text(std::chrono::milliseconds(*upload.duration_ms))
                               : std::string(html::none_text));
    html::set_clock(row, {blog_names::ended_utc, blog_names::ended},
                    upload.finished_at.value_or(upload.created_at), visit.now);
  }
}

void fill_errors_of(html::Fill& content, Visit& visit, const publishing::Blog& blog) {
  const auto errors = publishing::list_file_errors(visit.connection, blog.id);
  if (errors.empty()) return;
  auto& section = content.add(blog_names::file_errors);
  section.set(blog_names::file_errors_title,
              errors.size() == 1 ? "1 file could not be read"
                                 : std::to_string(errors.size()) + " files could not be read");
  for (std::size_t n = 0; n < errors.size() && n < blog_errors_shown; ++n) {
    auto& row = section.add(blog_names::file_error);
    row.set(blog_names::file_place, errors[n].path + ":" + std::to_string(errors[n].line) + ":" +
                                        std::to_string(errors[n].column));
    row.set(blog_names::file_error_text, errors[n].message);
  }
}

void fill_blog_acts(html::Fill& content, const Visit& visit, const publishing::Blog& blog,
                    const BlogHook& hook, const std::string& csrf) {
  if (!blog.is_connected) return;
  auto& acts = content.add(blog_names::acts);
  acts.set_url(blog_names::act_url, html::own_url({"blogs", blog.username, blog.slug, "act"}));
  acts.set(blog_names::csrf, csrf);
  acts.show(blog_names::publish);
  content.add(blog_names::may_disconnect)
      .set_url(blog_names::disconnect_url,
               html::own_url({"blogs", blog.username, blog.slug, "disconnect"}));
  const bool is_wanted =
      is_hook_wanted(blog, hook) && hook_token_obstacle(visit.config.web).empty();
  if (!is_wanted) return;
  if (hook_token(visit)) acts.show(blog_names::install);
  else
    content.add(blog_names::ask)
        .set_url(blog_names::ask_url,
                 hook_login_url(html::own_url({"blogs", blog.username, blog.slug}).text()));
}

void fill_blog_facts(html::Fill& content, const publishing::Blog& blog, const BlogHook& hook,
                     base::TimePoint now) {
  html::Facts facts(content, blog_names::facts);
  if (const auto url = html::https_url(blog.repository_url))
    facts.add("Repository").link(*url, blog.repository_url);
  else facts.add("Repository").code(base::redact(blog.repository_url));
  if (blog.github_id) facts.add("Id at GitHub").text(std::to_string(*blog.github_id));
  facts.add("Branch").text(blog.branch.value_or(blog.default_branch.value_or("the default one")));
  if (blog.github_id || hook) say_hook(facts.add("Webhook"), hook, now);
  if (blog.description) facts.add("Description").text(*blog.description);
}

void fill_blog(html::Fill& content, Visit& visit, const publishing::Blog& blog,
               const BlogHook& hook, const std::string& csrf) {
  content.set_url(blog_names::blogs_url, html::own_url({"blogs"}));
  content.set(blog_names::blog_name, blog.address());
  html::set_state(content, {blog_names::state_mark, blog_names::state}, state_of_blog(blog));
  say_blog(html::Sentence(content, blog_names::blog_text), visit, blog);
  fill_blog_acts(content, visit, blog, hook, csrf);
  if (const auto& site = visit.config.site.url; blog.is_connected && !site.empty())
    if (const auto url = html::https_url(site + "/" + blog.address()))
      content.add(blog_names::open).set_url(blog_names::open_url, *url);
  fill_blog_problem(content, blog);
  fill_hook_problem(content, hook);
  fill_posts(content, visit, blog);
  fill_uploads_of(content, visit, blog);
  fill_errors_of(content, visit, blog);
  fill_blog_facts(content, blog, hook, visit.now);
}

void follow_blog(html::Fill& content, const Visit& visit, const publishing::Blog& blog,
                 const std::string& digest) {
  auto& live = content.add(blog_names::live);
  live.set_url(blog_names::part_url,
               html::own_url({"blogs", blog.username, blog.slug}, {{"seen", digest}}));
  live.set(blog_names::poll_seconds, std::int64_t{blog_poll_seconds} * visit.poll_factor);
}

std::string_view blog_done_text(std::string_view done) {
  if (done == "connected") return "It is connected. Its first upload follows, and its webhook.";
  if (done == "disconnected") return "It is disconnected: readers see it no more.";
  if (done == "hook") return "The webhook is being installed.";
  return {};
}

}  // namespace

http::Response show_blog(Visit& visit) {
  const auto blog = find_seen_blog(visit);
  const auto hook = publishing::last_hook(visit.connection, blog.id);
  const bool is_running =
      is_under_way(blog.last_upload_state.value_or("")) || (hook && is_under_way(hook->state));
  std::string digest;
  if (is_running || visit.wants_part()) {
    html::Fill said;
    fill_blog(said, visit, blog, hook, "");
    digest = live_digest(blog_names::template_file, said);
    if (visit.wants_part() && visit.query.line("seen") == digest) return server::empty_response();
  }
  if (visit.wants_part()) {
    html::Fill part;
    fill_blog(part, visit, blog, hook, visit.csrf);
    if (is_running) follow_blog(part, visit, blog, digest);
    return part_response(blog_names::template_file, part);
  }
  Frame frame(visit, {.title = blog.address(), .path = "/blogs", .is_running = is_running});
  if (const auto text = blog_done_text(visit.query.line("done").value_or("")); !text.empty())
    frame.notice("Done", text);
  auto& content = frame.content(blog_names::template_file);
  fill_blog(content, visit, blog, hook, visit.csrf);
  if (is_running) follow_blog(content, visit, blog, digest);
  return frame.response();
}

http::Response act_on_blog(Visit& visit) {
  const auto blog = find_seen_blog(visit);
  const auto act = visit.form.line("act").value_or("");
  if (act != "trigger" && act != "install_hook")
    throw Error(ErrorKind::usage, "unable to act: the form names no act");
  if (!blog.is_connected)
    throw Error(ErrorKind::conflict, "unable to publish: the blog is not connected",
                "Connect it again first.");
  auto doer = doer_of(visit);
  const auto attempts_max = static_cast<int>(visit.config.queue.max_attempts);
  if (act == "install_hook") {
    if (!hook_token(visit))
      throw Error(ErrorKind::conflict, "unable to install the webhook: GitHub was not asked",
                  "Load the blog's page again, and allow it at GitHub.");
    doer.session = web::SessionId::trusted(visit.visitor->session_id);
    connecting::install_hook(visit.connection, blog, doer, attempts_max);
    return server::redirect_response(
        303, html::own_url({"blogs", blog.username, blog.slug}, {{"done", "hook"}}).text());
  }
  publishing::UploadRequest request;
  request.source = queue::Source::api;
  request.max_attempts = attempts_max;
  request.requested_by = visit.actor();
  const auto recorded = connecting::trigger(visit.connection, blog, request, doer);
  return server::redirect_response(303, html::own_url({"operations", recorded.id.text()}).text());
}

}  // namespace devy::daemon
