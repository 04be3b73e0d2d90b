#include "daemon/web/publishing_blog_hook.hpp"

#include "core/platform/base/secret.hpp"
#include "html_names/blog.hpp"

namespace devy::daemon {

bool is_under_way(std::string_view state) {
  return state == "verified" || state == "scheduled" || state == "processing" ||
         state == "received";
}

bool is_hook_wanted(const publishing::Blog& blog, const BlogHook& hook) {
  if (!blog.github_id) return false;
  if (!hook) return true;
  const bool is_installed = hook->act == publishing::HookAct::install && hook->state == "completed";
  return !is_installed && !is_under_way(hook->state);
}

void say_hook(html::Sentence text, const BlogHook& hook, base::TimePoint now) {
  if (!hook) {
    text.text("not installed from here");
    return;
  }
  const bool is_install = hook->act == publishing::HookAct::install;
  if (is_under_way(hook->state)) text.text(is_install ? "is being installed" : "is being removed");
  else if (hook->state != "completed")
    text.text(is_install ? "not installed" : "not removed").soft(", see above");
  else if (hook->delivery == "app") text.text("the GitHub App tells of pushes");
  else if (hook->delivery == "kept") text.text("stays for others here");
  else text.text(is_install ? "installed " : "removed ").clock(hook->at, now);
}

void fill_hook_problem(html::Fill& content, const BlogHook& hook) {
  namespace blog_names = html::blog;
  if (!hook || hook->state != "failed") return;
  auto& problem = content.add(blog_names::problem);
  problem.set(blog_names::problem_mark, "warn");
  const bool is_install = hook->act == publishing::HookAct::install;
  problem.set(blog_names::problem_title,
              is_install ? "Its webhook is not installed" : "Its webhook is not removed");
  html::Sentence text(problem, blog_names::problem_text);
  text.text(base::redact(hook->error_text.value_or("")) + ". ");
  if (hook->error_hint) text.text(base::redact(*hook->error_hint) + " ");
  if (is_install)
    text.text("Until then its pushes are noticed when the repository is asked from time to time.");
}

}  // namespace devy::daemon
