#include "core/platform/base/error.hpp"
#include "core/platform/http/server/response.hpp"
#include "core/platform/web/html/number_text.hpp"
#include "core/platform/web/html/sentence.hpp"
#include "core/publishing/connecting/acts.hpp"
#include "daemon/web/frame.hpp"
#include "daemon/web/hook_token.hpp"
#include "daemon/web/publishing_page_connect.hpp"
#include "daemon/web/publishing_seen_blog.hpp"
#include "html_names/confirm.hpp"

// Disconnecting a blog: what will happen, and doing it.

namespace devy::daemon {
namespace {

namespace confirm_names = html::confirm;

constexpr std::size_t disconnect_reason_bytes_max = 500;

std::vector<std::string> path_of_blog(const publishing::Blog& blog, const char* last) {
  std::vector<std::string> path{"blogs", blog.username, blog.slug};
  if (*last != '\0') path.emplace_back(last);
  return path;
}

void say_what_happens(html::Sentence text, const Visit& visit, const publishing::Blog& blog) {
  text.text("Readers see its " + html::number_text(blog.posts) +
            (blog.posts == 1 ? " post" : " posts") +
            " no more: each address answers that it is gone (410). They stay stored, and come back "
            "when the same repository is connected again. ");
  if (hook_token(visit))
    text.text(
        "The webhook of this site is removed from the repository, unless something else here "
        "needs it.");
  else if (!hook_token_obstacle(visit.config.web).empty())
    text.text("A webhook at GitHub stays: remove it there.");
  else
    text.text("A webhook at GitHub stays, unless you ")
        .link(hook_login_url(html::own_url(path_of_blog(blog, "disconnect")).text()),
              "allow this site to remove it")
        .text(" first.");
}

http::Response disconnect_page(Visit& visit, const publishing::Blog& blog,
                               std::string_view trouble) {
  const auto question = "Disconnect " + blog.address() + "?";
  Frame frame(visit, {.title = question, .path = "/blogs", .is_dialog = true});
  auto& fill = frame.content(confirm_names::template_file);
  fill.set(confirm_names::confirm_title, question);
  say_what_happens(html::Sentence(fill, confirm_names::confirm_text), visit, blog);
  fill.set_url(confirm_names::act_url, html::own_url(path_of_blog(blog, "disconnect")));
  fill.set(confirm_names::csrf, visit.csrf);
  auto& reason = fill.add(confirm_names::reason);
  reason.set(confirm_names::reason_text, visit.form.text("reason").value_or(""));
  if (trouble.empty()) reason.show(confirm_names::reason_right);
  else reason.add(confirm_names::reason_wrong).set(confirm_names::reason_error, trouble);
  fill.set(confirm_names::button_mark, "go danger");
  fill.set(confirm_names::button_words, "Disconnect it");
  fill.set_url(confirm_names::keep_url, html::own_url(path_of_blog(blog, "")));
  fill.set(confirm_names::keep_words, "Keep it");
  return frame.response(trouble.empty() ? 200 : 422);
}

void require_connected(const publishing::Blog& blog) {
  if (!blog.is_connected)
    throw base::Error(base::ErrorKind::conflict, "unable to disconnect: it is not connected");
}

}  // namespace

http::Response ask_to_disconnect(Visit& visit) {
  const auto blog = find_seen_blog(visit);
  require_connected(blog);
  return disconnect_page(visit, blog, "");
}

http::Response disconnect_repository(Visit& visit) {
  const auto blog = find_seen_blog(visit);
  require_connected(blog);
  const auto reason = visit.form.text("reason").value_or("");
  if (reason.find_first_not_of(" \t\n") == std::string::npos)
    return disconnect_page(visit, blog, "Say why, in a few words.");
  if (reason.size() > disconnect_reason_bytes_max)
    return disconnect_page(visit, blog, "At most 500 bytes, please.");
  auto doer = doer_of(visit);
  doer.reason = reason;
  if (hook_token(visit)) doer.session = web::SessionId::trusted(visit.visitor->session_id);
  connecting::disconnect(visit.connection, blog, doer,
                         static_cast<int>(visit.config.queue.max_attempts));
  return server::redirect_response(
      303, html::own_url(path_of_blog(blog, ""), {{"done", "disconnected"}}).text());
}

}  // namespace devy::daemon
