#include "core/platform/web/html/sentence.hpp"
#include "daemon/web/frame.hpp"
#include "daemon/web/hook_token.hpp"
#include "daemon/web/mirror_page_act.hpp"
#include "daemon/web/mirror_pages.hpp"
#include "html_names/install.hpp"

// The forms of the original's routes that install and uninstall a webhook.

namespace devy::daemon {
namespace {

namespace install_names = html::install;

struct InstallWords {
  std::string_view path, title, text, button_mark, button;
};

void say_missing_token(html::Fill& content, const Visit& visit, std::string_view path) {
  auto& problem = content.add(install_names::problem);
  problem.set(install_names::problem_title, "GitHub has to allow that first");
  html::Sentence text(problem, install_names::problem_text);
  const auto obstacle = actor_obstacle(visit);
  if (!obstacle.empty()) text.text(obstacle);
  else text.link(hook_login_url("/" + std::string(path)), "Allow it at GitHub").text(".");
}

http::Response show_install_form(Visit& visit, const InstallWords& words) {
  Frame frame(visit, {.title = std::string(words.title), .path = "/mirror"});
  auto& content = frame.content(install_names::template_file);
  content.set(install_names::install_title, words.title);
  html::Sentence(content, install_names::install_text).text(words.text);
  content.set_url(install_names::mirror_url, html::own_url({"mirror"}));
  if (!actor_obstacle(visit).empty() || !hook_token(visit)) {
    say_missing_token(content, visit, words.path);
    return frame.response();
  }
  auto& form = content.add(install_names::form);
  form.set_url(install_names::act_url, html::own_url({std::string(words.path)}));
  form.set(install_names::csrf, visit.csrf);
  form.set(install_names::button_mark, words.button_mark);
  form.set(install_names::button_words, words.button);
  return frame.response();
}

}  // namespace

http::Response show_install(Visit& visit) {
  return show_install_form(
      visit,
      {"install", "Install a webhook",
       "GitHub tells of what changes in a repository that you administer.", "go", "Install"});
}

http::Response show_uninstall(Visit& visit) {
  return show_install_form(
      visit, {"uninstall", "Uninstall a webhook",
              "GitHub tells of no changes in the repository any more.", "danger", "Uninstall"});
}

}  // namespace devy::daemon
