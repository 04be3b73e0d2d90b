#include "cli/commands/platform/completion.hpp"

#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "core/platform/webhook/delivery_store.hpp"
#include "core/publishing/store/account_store.hpp"
#include "core/publishing/store/blog_store.hpp"
#include "core/publishing/store/post_store.hpp"
#include "core/publishing/store/upload_store.hpp"

namespace devy::cli {
namespace {

// More would not be read at a prompt.
constexpr int uploads_max = 50;
constexpr int slugs_max = 1'000;

// `of`: the word before it, the blog of a post.
void print_candidates(Context& context, const std::string& kind, const std::string& of) {
  auto& out = context.out();
  if (kind == "post")
    for (const auto& post : publishing::list_posts(
             context.database(), publishing::find_blog(context.database(), of), true, slugs_max))
      out << post.slug << '\n';
  if (kind == "delivery")
    for (const auto& delivery :
         webhook::page_of_deliveries(context.database(), {.limit = uploads_max}))
      out << delivery.guid << '\n';
  if (kind == "account")
    for (const auto& account : publishing::list_accounts(context.database()))
      out << account.username << '\n';
  if (kind == "blog")
    for (const auto& blog : publishing::list_blogs(context.database()))
      out << blog.address() << '\n';
  if (kind != "upload") return;
  publishing::UploadFilter filter;
  filter.limit = uploads_max;
  const auto uploads = publishing::list_uploads(context.database(), filter);
  const auto length = publishing::unambiguous_length(context.database(), uploads);
  out << "@last\n@last-failed\n";
  for (const auto& upload : uploads)
    out << upload.id.text().substr(0, length) << '\n';
}

int run_completion(Context& context, const Arguments& arguments) {
  if (const auto kind = arguments.text("candidates")) {
    print_candidates(context, *kind, arguments.text("of").value_or(""));
    return exit_ok;
  }
  const auto shell = arguments.text("shell");
  if (!shell)
    throw base::Error(base::ErrorKind::usage, "missing argument: <shell>",
                      "Give bash, zsh or fish.");
  const auto& table = all_commands();
  context.out() << (*shell == "bash"  ? bash_completion(table)
                    : *shell == "zsh" ? zsh_completion(table)
                                      : fish_completion(table));
  return exit_ok;
}

}  // namespace

const Command& completion_command() {
  static const Command command{
      .name = "completion",
      .summary = "print a completion script for a shell",
      .help =
          "It completes commands, options, files, and the names of blogs, accounts, uploads, posts "
          "and deliveries, "
          "which it asks the database for.",
      .examples =
          {"devy-upload completion bash > ~/.local/share/bash-completion/completions/devy-upload",
           "devy-upload completion zsh > ~/.zfunc/_devy-upload",
           "devy-upload completion fish > ~/.config/fish/completions/devy-upload.fish"},
      .positionals = {{.name = "shell",
                       .help = "bash, zsh or fish",
                       .is_optional = true,
                       .choices = {"bash", "zsh", "fish"}}},
      .options = {{.name = "candidates",
                   .value = "KIND",
                   .help = "print what such a value could be",
                   .choices = {"account", "blog", "upload", "post", "delivery"}},
                  {.name = "of", .value = "BLOG", .help = "the blog whose posts are meant"}},
      .run = run_completion};
  return command;
}

}  // namespace devy::cli
