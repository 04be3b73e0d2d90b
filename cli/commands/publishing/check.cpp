#include "cli/commands/publishing/file_errors.hpp"
#include "cli/commands/publishing/planned_post.hpp"
#include "cli/commands/publishing/preview_json.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/progress.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/publishing/upload/service.hpp"

// `check`: what a repository on disk would publish. Needs no database.

namespace devy::cli {
namespace {

int run_check(Context& context, const Arguments& arguments) {
  const auto directory = arguments.required("directory");
  context.distrust(directory);
  upload::CheckReport report;
  {
    ProgressLine progress(context);
    report = upload::check_directory(context.config(), directory,
                                     [&](const queue::Progress& at) { progress.show(at); });
  }
  const bool is_clean =
      report.file_errors.empty() && (report.warnings.empty() || !arguments.has("strict"));
  const int status = is_clean ? exit_ok : exit_problems_found;
  if (context.is_json()) {
    print_json(context.out(), check_json(directory, report, context.now()));
    return status;
  }
  if (arguments.has("list")) {
    for (const auto& post : report.posts)
      context.out() << base::safe_text(post.path) << "  " << planned_post_text(post, context.now())
                    << '\n';
    for (const auto& redirect : report.redirects)
      context.out() << redirect_text(redirect) << '\n';
  }
  print_findings(context, report.file_errors, report.warnings);
  context.say(count_text(report.posts.size(), "post") + ", " +
              count_text(report.file_errors.size(), "file error") + ", " +
              count_text(report.warnings.size(), "warning"));
  return status;
}

}  // namespace

const Command& check_command() {
  static const Command command{
      .name = "check",
      .summary = "check a repository on disk before it is pushed: for authors' CI",
      .help =
          "Prints what is wrong as path:line:col: message. Ends with 10 when a file could not "
          "be published, with --strict also when there is a warning. The folder need not be a git "
          "repository, and no database is needed.",
      .examples = {"devy-upload check .", "devy-upload check . --strict",
                   "devy-upload check content --json"},
      .positionals = {{.name = "directory",
                       .help = "a work tree, or any folder",
                       .kind = ValueKind::directory}},
      .options = {{.name = "list",
                   .help = "list what would be published, with slugs and dates, and the redirects"},
                  {.name = "strict", .help = "warnings end it with 10, too"}},
      .run = run_check};
  return command;
}

}  // namespace devy::cli
