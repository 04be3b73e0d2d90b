#include "cli/arguments.hpp"
#include "cli/command.hpp"
#include "cli/commands/post_json.hpp"
#include "cli/commands/post_text.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/table.hpp"

// `posts`: what a blog shows.

namespace devy::cli {
namespace {

std::string note_of(const store::Post& post, base::TimePoint now) {
  const auto visibility = visibility_of(post, now);
  if (visibility == publish::Visibility::visible) return "";
  return std::string(publish::to_string(visibility));
}

int run(Context& context, const Arguments& arguments) {
  const auto blog = store::find_blog(context.database(), arguments.required("blog"));
  const auto posts = store::list_posts(context.database(), blog, arguments.has("drafts"));
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
      .run = run};
  return command;
}

}  // namespace devy::cli
