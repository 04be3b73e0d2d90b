#include "cli/commands/publishing/post_json.hpp"
#include "cli/commands/publishing/post_text.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/table.hpp"

// `posts`: what a blog shows.

namespace devy::cli {
namespace {

std::string note_of(const publishing::Post& post, base::TimePoint now) {
  const auto visibility = visibility_of(post, now);
  if (visibility == plan::Visibility::visible) return "";
  return std::string(plan::to_string(visibility));
}

int run_posts(Context& context, const Arguments& arguments) {
  const auto blog = publishing::find_blog(context.database(), arguments.required("blog"));
  const auto posts = publishing::list_posts(context.database(), blog, arguments.has("drafts"));
  if (context.is_json()) {
    print_json(context.out(), json_array(posts, post_json));
    return exit_ok;
  }
  Table table({{"SLUG"},
               {.title = "TITLE", .is_elastic = true},
               {"DATE"},
               {.title = "PATH", .is_elastic = true},
               {"NOTE"}});
  for (const auto& post : posts)
    table.add({post.slug, post.title, date_text(context, post), post.path,
               Cell(note_of(post, context.now()), Color::yellow)});
  if (table.empty()) context.say("no posts; publish with `devy-upload trigger`");
  else table.print(context.terminal());
  return exit_ok;
}

}  // namespace

const Command& posts_command() {
  static const Command command{
      .name = "posts",
      .summary = "list a blog's posts, newest first",
      .help =
          "Posts of the future are listed as scheduled, and those whose time is over as expired.",
      .positionals = {{.name = "blog", .help = "whose", .kind = ValueKind::blog}},
      .options = {{.name = "drafts", .help = "drafts too"}},
      .name_field = "slug",
      .is_paged = true,
      .run = run_posts};
  return command;
}

}  // namespace devy::cli
