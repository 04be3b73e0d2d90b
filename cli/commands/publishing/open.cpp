#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/json_output.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/publishing/blog/address.hpp"
#include "core/publishing/store/blog_store.hpp"
#include "core/publishing/store/post_store.hpp"
#include "core/publishing/store/upload_store.hpp"

// `open`: the address of a blog, a post, a repository or a commit, shown in a browser.

namespace devy::cli {
namespace {

using base::Error;
using base::ErrorKind;

// The repository's page, where browsers can show one; GitHub's have no ".git" at their end.
std::string repository_page(const std::string& url) {
  if (!url.starts_with("https://") && !url.starts_with("http://"))
    throw Error(ErrorKind::usage, "unable to open '" + url + "': browsers cannot show it",
                "Only repositories at http and https addresses have pages.");
  constexpr std::string_view ending = ".git";
  return url.ends_with(ending) ? url.substr(0, url.size() - ending.size()) : url;
}

std::string commit_page(const publishing::Upload& upload) {
  const auto page = repository_page(upload.repository_url);
  return upload.commit ? page + "/commit/" + *upload.commit : page;
}

std::string address_of(Context& context, const Arguments& arguments) {
  auto& connection = context.database();
  const auto name = arguments.required("what");
  if (name.starts_with('@') || arguments.has("upload"))
    return commit_page(publishing::find_upload(connection, name));
  const auto blog = publishing::find_blog(connection, name);
  if (arguments.has("repository")) return repository_page(blog.repository_url);
  const blog::BlogName names{blog.username, blog.slug};
  const auto& site = context.config().site.url;
  if (const auto slug = arguments.text("slug"))
    return site + blog::post_url(names, publishing::find_post(connection, blog, *slug).slug);
  return site + blog::blog_url(names);
}

// Only where there is a desktop: elsewhere a text browser would take the terminal.
bool has_desktop(const Environment& environment) {
  return environment("DISPLAY") || environment("WAYLAND_DISPLAY") || environment("BROWSER");
}

bool show_in_browser(std::string address) {
  std::string program = "xdg-open";
  const std::array<char*, 3> words{program.data(), address.data(), nullptr};
  pid_t child = 0;
  if (::posix_spawnp(&child, program.c_str(), nullptr, nullptr, words.data(), environ) != 0)
    return false;
  int status = 0;
  return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int run_open(Context& context, const Arguments& arguments) {
  const auto address = address_of(context, arguments);
  if (context.is_json()) print_json(context.out(), Json::object({{"url", address}}));
  else context.out() << base::safe_text(address, address.size()) << std::endl;
  const bool is_shown = !context.is_json() && !context.is_dry_run() &&
                        context.terminal().is_out_tty && has_desktop(context.environment());
  if (is_shown && !show_in_browser(address))
    context.say("no browser could be started: open the address yourself");
  return exit_ok;
}

}  // namespace

const Command& open_command() {
  static const Command command{
      .name = "open",
      .summary = "show a blog, a post, a repository or a commit in the browser",
      .help =
          "The address is printed; where a person is at a desktop, the browser opens it, too. An "
          "upload's is that of its commit at GitHub.",
      .examples = {"devy-upload open alice/notes", "devy-upload open alice/notes hello",
                   "devy-upload open @last", "devy-upload open alice/notes --repository"},
      .positionals = {{.name = "what",
                       .help = "a blog, or an upload: @last, @last-failed, an id with --upload",
                       .kind = ValueKind::blog},
                      {.name = "slug",
                       .help = "a post of the blog",
                       .kind = ValueKind::post,
                       .is_optional = true}},
      .options = {{.name = "repository", .help = "the blog's repository"},
                  {.name = "upload", .help = "what is named is an upload's id"}},
      .name_field = "url",
      .run = run_open};
  return command;
}

}  // namespace devy::cli
