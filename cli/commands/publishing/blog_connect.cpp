#include "cli/commands/publishing/blog_json.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/confirm.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/git/clone.hpp"
#include "core/platform/git/url_policy.hpp"
#include "core/publishing/connecting/acts.hpp"
#include "core/publishing/reconcile/identity.hpp"
#include "core/publishing/store/account_store.hpp"
#include "core/publishing/upload/remote_tokens.hpp"

// `blog connect` and `blog disconnect`.

namespace devy::cli {
namespace {

// An address that cannot be used is a wrong argument here; for an upload it would be a failure.
std::string normalized(Context& context, const std::string& url) {
  try {
    return git::normalize_url(url, context.config().git);
  } catch (const base::Error& error) {
    throw base::Error(base::ErrorKind::usage, error.text(), error.hint(), error.code());
  }
}

// The blog that is connected exactly so already.
std::optional<publishing::Blog> same_blog(Context& context,
                                          const publishing::ConnectRequest& request) {
  for (auto& blog : publishing::list_blogs(context.database()))
    if (blog.username == request.username && blog.slug == request.slug &&
        blog.repository_url == request.repository_url &&
        (!request.branch || request.branch == blog.branch) &&
        (!request.github_id || request.github_id == blog.github_id))
      return std::move(blog);
  return std::nullopt;
}

publishing::ConnectRequest read_request(Context& context, const Arguments& arguments) {
  const auto address = arguments.required("blog");
  const auto slash = address.find('/');
  if (slash == std::string::npos || address.find('/', slash + 1) != std::string::npos)
    throw base::Error(base::ErrorKind::usage, "unable to connect '" + address + "': no address",
                      "Write it as <username>/<slug>.");
  publishing::ConnectRequest request;
  request.username = address.substr(0, slash);
  request.slug = address.substr(slash + 1);
  request.repository_url = normalized(context, arguments.required("repository-url"));
  request.branch = arguments.text("branch");
  request.github_id = arguments.number("github-id");
  return request;
}

// Asks the remote for the branch's tip; throws why there is none to publish.
void check_remote(Context& context, const publishing::ConnectRequest& request) {
  git::TipAsker asker(upload::remote_tokens(context.config()));
  const auto tip = asker.ask(context.config(),
                             {.url = request.repository_url,
                              .branch = request.branch.value_or(""),
                              .github_id = request.github_id},
                             context.stop());
  constexpr std::size_t commit_digits_shown = 8;
  context.say("the remote answers: " + base::safe_text(tip.branch) + " is at " +
              tip.commit.hex().substr(0, commit_digits_shown));
  if (tip.url != request.repository_url)
    context.say("it has moved to " + base::safe_text(tip.url) + "; connect it by that address");
}

// Says what an owner enters under Settings, Webhooks, where no GitHub App tells of pushes.
void say_webhook(Context& context, const publishing::ConnectRequest& request) {
  const auto& config = context.config();
  const auto address = config.mirror.hook_url.empty()
                           ? std::string("https://<this server>/v1/webhooks (set mirror.hook_url)")
                           : config.mirror.hook_url;
  context.say("unless the GitHub App is installed there, enter at " + request.repository_url +
              "/settings/hooks/new:");
  context.say("  Payload URL   " + base::safe_text(address));
  context.say("  Content type  application/json");
  context.say(std::string("  Secret        ") + (config.webhook.secrets.empty()
                                                     ? "none is configured: set webhook.secrets"
                                                     : "the last one of webhook.secrets"));
  context.say("  Events        just the push event");
}

int connect_blog(Context& context, const Arguments& arguments) {
  auto request = read_request(context, arguments);
  if (arguments.has("check")) check_remote(context, request);
  if (const auto same = same_blog(context, request)) {
    if (context.is_dry_run())
      context.would("do nothing: " + same->address() + " is connected to " + same->repository_url);
    else if (context.is_json()) print_json(context.out(), blog_json(*same));
    if (!context.is_dry_run())
      context.say("blog " + same->address() + " is connected to " + same->repository_url +
                  " already");
    return exit_ok;
  }
  if (context.is_dry_run()) {
    (void)publishing::find_account(context.database(), request.username);
    context.would("connect " + request.username + "/" + request.slug + " to " +
                  request.repository_url);
    return exit_ok;
  }
  reconcile::FoundId found{request.github_id, ""};
  if (!found.github_id) found = reconcile::find_github_id(context.config(), request.repository_url);
  request.github_id = found.github_id;
  const auto blog =
      connecting::connect(context.database(), {.request = request}, {.name = context.who()});
  if (context.is_json()) print_json(context.out(), blog_json(blog));
  context.say("blog " + blog.address() + " connected to " + blog.repository_url);
  if (blog.github_id) context.say("its id at GitHub is " + std::to_string(*blog.github_id));
  else if (!found.obstacle.empty())
    context.say(
        "its id at GitHub is not known, so its webhooks are no more than hints, and secrets `for` "
        "it and the GitHub App do not reach it: " +
        base::safe_text(found.obstacle) +
        "; it is asked for again later, or connect the blog again with --github-id");
  context.say("publish it with `devy-upload trigger " + blog.address() + "`");
  if (arguments.has("check")) say_webhook(context, request);
  return exit_ok;
}

int disconnect_blog(Context& context, const Arguments& arguments) {
  const auto blog = publishing::find_blog(context.database(), arguments.required("blog"));
  if (!blog.is_connected)
    throw base::Error(base::ErrorKind::conflict,
                      "unable to disconnect blog '" + blog.address() + "': it is not connected");
  const Act act{"disconnect", 1, "blog", {blog.address() + " from " + blog.repository_url}};
  if (context.is_dry_run()) {
    context.would(describe(act) + ": " + act.examples.front());
    return exit_ok;
  }
  confirm(context, act);
  connecting::disconnect(context.database(), blog,
                         {.name = context.who(), .reason = arguments.text("reason")});
  if (context.is_json())
    print_json(context.out(), blog_json(publishing::find_blog_by_id(context.database(), blog.id)));
  context.say("blog " + blog.address() + " disconnected; its " + std::to_string(blog.posts) +
              (blog.posts == 1 ? " post stays" : " posts stay"));
  return exit_ok;
}

}  // namespace

const Command& blog_connect_command() {
  static const Command command{
      .name = "blog connect",
      .summary = "connect a repository to a blog",
      .help =
          "One repository, one blog. A blog that was disconnected keeps its posts and is "
          "connected again by the same address. GitHub is asked for the repository's id at once; "
          "deliveries are believed only of a repository whose id is known.",
      .examples = {"devy-upload blog connect alice/notes https://github.com/alice/notes",
                   "devy-upload blog connect alice/notes alice/notes --branch main --check"},
      .positionals = {{.name = "blog", .help = "its address: <username>/<slug>"},
                      {.name = "repository-url", .help = "an address, or owner/name on GitHub"}},
      .options = {{.name = "branch",
                   .value = "B",
                   .help = "publish this branch, whatever devy.toml or the repository say"},
                  {.name = "check",
                   .help = "ask the remote first, and say what to enter at GitHub afterwards"},
                  {.name = "github-id",
                   .value = "N",
                   .help = "the repository's numeric id on GitHub, instead of asking for it",
                   .kind = ValueKind::number,
                   .least = 1,
                   .most = std::numeric_limits<std::int64_t>::max()}},
      .run = connect_blog};
  return command;
}

const Command& blog_disconnect_command() {
  static const Command command{
      .name = "blog disconnect",
      .summary = "freeze a blog: posts stay, uploads end as disabled",
      .help = "Asks first; without a terminal it needs --yes. What waits is cancelled.",
      .positionals = {{.name = "blog", .help = "which", .kind = ValueKind::blog}},
      .options = {{.name = "reason", .value = "T", .help = "why, for the record"}},
      .run = disconnect_blog};
  return command;
}

}  // namespace devy::cli
