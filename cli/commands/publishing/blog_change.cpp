#include "cli/commands/publishing/blog_json.hpp"
#include "cli/commands/queue/audited.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/confirm.hpp"
#include "cli/terminal/json_output.hpp"
#include "core/platform/base/count_text.hpp"
#include "core/platform/git/url_policy.hpp"
#include "core/publishing/reconcile/identity.hpp"
#include "core/publishing/store/account_change_store.hpp"

// `blog set` and `blog remove`.

namespace devy::cli {
namespace {

using base::Error;
using base::ErrorKind;

struct BlogChange {
  bool is_branch_changed = false;
  std::optional<std::string> branch;
  std::optional<std::string> url;
  std::optional<std::int64_t> github_id;
  std::string text;  // what is changed, for the audit and for people
};

void note_change(BlogChange& change, const std::string& text) {
  change.text += (change.text.empty() ? "" : ", ") + text;
}

BlogChange read_change(Context& context, const Arguments& arguments) {
  BlogChange change;
  change.branch = arguments.text("branch");
  change.is_branch_changed = change.branch || arguments.has("no-branch");
  if (change.branch && arguments.has("no-branch"))
    throw Error(ErrorKind::usage, "unable to combine --branch and --no-branch",
                "Give one of them.");
  if (const auto url = arguments.text("url"))
    change.url = git::normalize_url(*url, context.config().git);
  change.github_id = arguments.number("github-id");
  if (change.branch) note_change(change, "branch " + *change.branch);
  else if (change.is_branch_changed) note_change(change, "no branch of its own");
  if (change.url) note_change(change, "repository " + *change.url);
  if (change.github_id) note_change(change, "id " + std::to_string(*change.github_id));
  if (change.text.empty())
    throw Error(ErrorKind::usage, "unable to change the blog: nothing to change",
                "Give --branch, --no-branch, --url or --github-id.");
  return change;
}

// A repository that has moved keeps its id; another one at the new address is a mistake.
void check_same_repository(Context& context, const publishing::Blog& blog,
                           const BlogChange& change) {
  if (!change.url || !blog.github_id || change.github_id) return;
  const auto found = reconcile::find_github_id(context.config(), *change.url);
  if (found.github_id && *found.github_id != *blog.github_id)
    throw Error(ErrorKind::conflict,
                "unable to change the repository of '" + blog.address() + "': at " + *change.url +
                    " is another one, with the id " + std::to_string(*found.github_id),
                "If that is meant, give --github-id " + std::to_string(*found.github_id) + ".",
                "repository_replaced");
}

int set_blog(Context& context, const Arguments& arguments) {
  const auto change = read_change(context, arguments);
  const auto blog = publishing::find_blog(context.database(), arguments.required("blog"));
  check_same_repository(context, blog, change);
  if (context.is_dry_run()) {
    context.would("change " + blog.address() + ": " + change.text);
    return exit_ok;
  }
  const auto reason = arguments.text("reason");
  audited(context.who(), context.database(),
          {"blog.set", blog.address(), change.text + (reason ? ": " + *reason : "")}, [&] {
            auto& connection = context.database();
            if (change.is_branch_changed) publishing::set_branch(connection, blog, change.branch);
            if (change.url || change.github_id)
              publishing::set_repository(connection, blog, change.url.value_or(blog.repository_url),
                                         change.github_id);
          });
  const auto changed = publishing::find_blog_by_id(context.database(), blog.id);
  if (context.is_json()) print_json(context.out(), blog_json(changed));
  context.say("blog " + blog.address() + " changed: " + change.text);
  context.say("publish it with `devy-upload trigger " + blog.address() + "`");
  return exit_ok;
}

int remove_blog(Context& context, const Arguments& arguments) {
  const auto blog = publishing::find_blog(context.database(), arguments.required("blog"));
  const auto posts = base::count_text(static_cast<std::size_t>(blog.posts), "post");
  const Act act{"remove", 1, "blog", {blog.address() + " with " + posts}};
  if (context.is_dry_run()) {
    context.would("" + describe(act) + ": " + act.examples.front());
    return exit_ok;
  }
  if (blog.is_connected)
    throw Error(ErrorKind::conflict,
                "unable to remove blog '" + blog.address() + "': it is connected",
                "Disconnect it first: `devy-upload blog disconnect " + blog.address() + "`.");
  confirm(context, act);
  audited(context.who(), context.database(),
          {"blog.remove", blog.address(), arguments.text("reason").value_or("")},
          [&] { publishing::remove_blog(context.database(), blog); });
  if (context.is_json())
    print_json(context.out(), Json::object({{"blog", blog.address()}, {"removed", true}}));
  context.say("blog " + blog.address() + " removed with " + posts);
  return exit_ok;
}

}  // namespace

const Command& blog_set_command() {
  static const Command command{
      .name = "blog set",
      .summary = "change the branch or the repository of a blog",
      .help =
          "For a repository that was renamed or has moved, --url gives its new address; GitHub is "
          "asked whether it is the same one. What is shown changes with the next upload.",
      .examples = {"devy-upload blog set alice/notes --branch main",
                   "devy-upload blog set alice/notes --url https://github.com/alice/journal"},
      .positionals = {{.name = "blog", .help = "which", .kind = ValueKind::blog}},
      .options = {{.name = "branch",
                   .value = "B",
                   .help = "publish this branch, whatever devy.toml or the repository say"},
                  {.name = "no-branch", .help = "publish the branch that they say"},
                  {.name = "url", .value = "URL", .help = "the repository's new address"},
                  {.name = "github-id",
                   .value = "N",
                   .help = "the repository's numeric id on GitHub",
                   .kind = ValueKind::number,
                   .least = 1,
                   .most = std::numeric_limits<std::int64_t>::max()},
                  {.name = "reason", .value = "T", .help = "kept in the audit"}},
      .name_field = "blog",
      .run = set_blog};
  return command;
}

const Command& blog_remove_command() {
  static const Command command{
      .name = "blog remove",
      .summary = "delete a disconnected blog with its posts and uploads",
      .help =
          "Asks first; without a terminal it needs --yes. Nothing of the blog stays but the acts "
          "in "
          "the audit; the repository itself is not touched.",
      .examples = {"devy-upload blog remove alice/notes --yes"},
      .positionals = {{.name = "blog", .help = "which", .kind = ValueKind::blog}},
      .options = {{.name = "reason", .value = "T", .help = "kept in the audit"}},
      .name_field = "blog",
      .run = remove_blog};
  return command;
}

}  // namespace devy::cli
