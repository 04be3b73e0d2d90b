#include "daemon/web/publishing_page_connect.hpp"

#include "core/platform/base/error.hpp"
#include "core/platform/git/url_policy.hpp"
#include "core/platform/github/limit.hpp"
#include "core/platform/github/repositories.hpp"
#include "core/platform/http/httplib_transport.hpp"
#include "core/platform/http/server/response.hpp"
#include "core/platform/web/html/sentence.hpp"
#include "core/platform/web/login/github_oauth.hpp"
#include "core/publishing/connecting/acts.hpp"
#include "core/publishing/store/repository_store.hpp"
#include "daemon/web/frame.hpp"
#include "daemon/web/hook_token.hpp"
#include "daemon/web/publishing_connect_form.hpp"
#include "daemon/web/publishing_seen_blog.hpp"
#include "html_names/connect.hpp"

// Connecting a repository of one's own.

namespace devy::daemon {
namespace {

namespace connect_names = html::connect;

using base::Error;
using base::ErrorKind;

// The reason why a repository is not connected: said at one field, or above the form.
struct ConnectTrouble {
  std::string repository, slug, branch;  // errors of the fields
  std::string title, text;               // of the whole; empty: there is none
  bool wants_token = false;              // GitHub is to be asked for another token
  int status = 422;

  [[nodiscard]] bool is_any() const {
    return wants_token || !(repository + slug + branch + title).empty();
  }
};

void fill_field_error(html::Fill& form, html::Section section, const std::string& error) {
  if (!error.empty()) form.add(section).set(connect_names::field_error, error);
}

http::Response connect_page(Visit& visit, const ConnectForm& typed, const ConnectTrouble& trouble) {
  Frame frame(visit, {.title = "Connect a repository", .path = "/blogs"});
  auto& content = frame.content(connect_names::template_file);
  content.set_url(connect_names::blogs_url, html::own_url({"blogs"}));
  const auto obstacle = hook_token_obstacle(visit.config.web);
  if (!obstacle.empty() || !trouble.title.empty()) {
    auto& problem = content.add(connect_names::problem);
    problem.set(connect_names::problem_title,
                obstacle.empty() ? trouble.title : "This is not set up here");
    html::Sentence text(problem, connect_names::problem_text);
    text.text(obstacle.empty() ? trouble.text : obstacle);
    if (!obstacle.empty()) text.text(" An operator connects one with ").code("blog connect");
    if (!obstacle.empty()) text.text(".");
  }
  const bool is_act = visit.request.method == "POST";
  if (!obstacle.empty()) return frame.response(is_act ? 422 : 200);
  if (trouble.wants_token) {
    const auto next = html::own_url(
        {"blogs", "connect"},
        {{"repository", typed.repository}, {"slug", typed.slug}, {"branch", typed.branch}});
    content.add(connect_names::ask).set_url(connect_names::ask_url, hook_login_url(next.text()));
    return frame.response(is_act ? trouble.status : 200);
  }
  auto& form = content.add(connect_names::form);
  form.set_url(connect_names::act_url, html::own_url({"blogs", "connect"}));
  form.set(connect_names::csrf, visit.csrf);
  form.set(connect_names::repository_text, typed.repository);
  form.set(connect_names::slug_text, typed.slug);
  form.set(connect_names::branch_text, typed.branch);
  fill_field_error(form, connect_names::repository_wrong, trouble.repository);
  fill_field_error(form, connect_names::slug_wrong, trouble.slug);
  fill_field_error(form, connect_names::branch_wrong, trouble.branch);
  return frame.response(trouble.is_any() ? trouble.status : 200);
}

// GitHub's answer, with the user's own token; nothing: `trouble` says why.
std::optional<github::RepositoryFacts> ask_github(const Visit& visit, const base::Secret& token,
                                                  const std::string& name,
                                                  ConnectTrouble& trouble) {
  const auto transport =
      http::make_httplib_transport(login::transport_options(visit.config.git.ca_file));
  github::Client client(*transport, visit.config.github.api_url, base::system_clock());
  try {
    return github::ask_repository(client, &token, name);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::not_found)
      trouble.repository =
          "GitHub shows you no such repository through this site. A private one is shown only "
          "where the site's GitHub App is installed.";
    else if (error.code() == "github_unauthorized") trouble.wants_token = true;
    else if (error.kind() == ErrorKind::denied)
      trouble.repository =
          "GitHub does not let this site see it. Its organization may have to allow the site's "
          "application.";
    else if (error.kind() == ErrorKind::busy || error.kind() == ErrorKind::unavailable) {
      trouble.title = "GitHub does not answer now";
      trouble.text = "Nothing was changed. Try again in a minute.";
      trouble.status = 503;
    } else throw;
  }
  return std::nullopt;
}

// Whether he may connect it, by what GitHub says.
void judge(const Visit& visit, const github::RepositoryFacts& facts, ConnectTrouble& trouble) {
  if (!facts.can_admin)
    trouble.repository = "You do not administer it at GitHub. Somebody who does can connect it.";
  // The key of the App is not ours to know; that there is one can be told.
  else if (facts.is_private && visit.config.github.app_id.empty())
    trouble.repository =
        "It is private, and this site has no GitHub App with which it could read it.";
}

void explain_refusal(const Error& error, ConnectTrouble& trouble) {
  if (error.code() == "repository_connected")
    trouble.repository = "It is connected to a blog already.";
  else if (error.code() == "blog_exists") trouble.slug = "You have a blog of that name already.";
  else if (error.code() == "slug_unsuitable")
    trouble.slug = "Lower-case letters, digits and single hyphens between them, at most 63.";
  else if (error.code() == "blog_limit") {
    trouble.title = "You have a blog already";
    trouble.text = "Who is no supporter has one. Disconnect it first, or become a supporter.";
  } else if (error.code() == "url_not_allowed") {
    trouble.title = "This site does not fetch from there";
    trouble.text = "Its operator allows other servers: " + error.hint();
  } else throw error;
}

// The same once more: it is connected so, and its webhook is mended.
std::optional<publishing::Blog> find_own_connected(const Visit& visit, std::int64_t github_id,
                                                   const std::string& slug) {
  const auto id = publishing::find_repository_blog(visit.connection, github_id);
  if (!id) return std::nullopt;
  auto blog = publishing::find_blog_by_id(visit.connection, *id);
  const bool is_same = blog.username == visit.visitor->username && blog.slug == slug;
  return is_same ? std::optional(std::move(blog)) : std::nullopt;
}

publishing::Blog connect_facts(const Visit& visit, const ConnectForm& typed,
                               const github::RepositoryFacts& facts) {
  auto doer = doer_of(visit);
  doer.session = web::SessionId::trusted(visit.visitor->session_id);
  const auto attempts_max = static_cast<int>(visit.config.queue.max_attempts);
  if (auto own = find_own_connected(visit, facts.github_id, typed.slug)) {
    connecting::install_hook(visit.connection, *own, doer, attempts_max);
    return *std::move(own);
  }
  publishing::ConnectRequest request;
  request.username = visit.visitor->username;
  request.slug = typed.slug;
  request.repository_url = git::normalize_url(facts.clone_url, visit.config.git);
  if (!typed.branch.empty()) request.branch = typed.branch;
  request.github_id = facts.github_id;
  return connecting::connect(
      visit.connection,
      {.request = request, .has_first_upload = true, .attempts_max = attempts_max}, doer);
}

}  // namespace

http::Response ask_to_connect(Visit& visit) {
  ConnectTrouble trouble;
  trouble.wants_token = !hook_token(visit);
  return connect_page(visit, read_connect_form(visit.query), trouble);
}

http::Response connect_repository(Visit& visit) {
  auto typed = read_connect_form(visit.form);
  ConnectTrouble trouble;
  const auto token = hook_token(visit);
  trouble.wants_token = !token;
  const auto name = typed_repository(typed.repository, visit.config.github);
  if (!name) trouble.repository = "Write it as owner/name, or paste its address at GitHub.";
  if (!typed.branch.empty() && !is_branch_name(typed.branch))
    trouble.branch = "That is no name of a branch.";
  if (trouble.is_any()) return connect_page(visit, typed, trouble);
  const auto facts = ask_github(visit, *token, *name, trouble);
  if (facts) judge(visit, *facts, trouble);
  if (!facts || trouble.is_any()) return connect_page(visit, typed, trouble);
  try {
    auto wanted = typed;
    if (wanted.slug.empty()) wanted.slug = slug_of_repository(facts->name);
    const auto blog = connect_facts(visit, wanted, *facts);
    return server::redirect_response(
        303, html::own_url({"blogs", blog.username, blog.slug}, {{"done", "connected"}}).text());
  } catch (const Error& error) {
    explain_refusal(error, trouble);
  }
  return connect_page(visit, typed, trouble);
}

}  // namespace devy::daemon
