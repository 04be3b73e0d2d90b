#include "cli/commands/publishing/check_format.hpp"
#include "cli/commands/publishing/file_errors.hpp"
#include "cli/commands/publishing/planned_post.hpp"
#include "cli/commands/publishing/preview_json.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/progress.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/publishing/store/left_out_json.hpp"
#include "core/publishing/upload/service.hpp"

// `check`: what a repository on disk would publish. Needs no database.

namespace devy::cli {
namespace {

constexpr std::size_t path_bytes_shown = 4'096;

void print_ignored(Context& context, const blog::LeftOut& left_out) {
  auto& out = context.out();
  for (const auto& file : left_out.files)
    out << base::safe_text(file.path, path_bytes_shown)
        << ": left out: " << base::safe_text(blog::reason_text(file.reason)) << '\n';
  if (left_out.files.size() == blog::left_out_files_max || left_out.is_at_least)
    out << "… and more, which were not looked at or have no room here\n";
}

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
  const auto format = arguments.text("format").value_or("text");
  if (format == "github") {
    context.out() << github_annotations(report, directory);
    return status;
  }
  if (format == "sarif") {
    print_json(context.out(), sarif_document(report, directory));
    return status;
  }
  if (context.is_json()) {
    auto document = check_json(directory, report, context.now());
    if (arguments.has("ignored"))
      document.set("ignored",
                   publishing::left_out_files_json(report.left_out, blog::left_out_files_max));
    print_json(context.out(), document);
    return status;
  }
  if (arguments.has("list")) {
    for (const auto& post : report.posts)
      context.out() << base::safe_text(post.path) << "  " << planned_post_text(post, context.now())
                    << '\n';
    for (const auto& redirect : report.redirects)
      context.out() << redirect_text(redirect) << '\n';
  }
  if (arguments.has("ignored")) print_ignored(context, report.left_out);
  print_findings(context, report.file_errors, report.warnings);
  context.say(count_text(report.posts.size(), "post") + ", " +
              count_text(report.file_errors.size(), "file error") + ", " +
              count_text(report.warnings.size(), "warning"));
  say_left_out(context, report.left_out);
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
          "repository, and no database is needed. Files that look like posts and are none are "
          "counted by the rule that leaves them out; --ignored lists them.",
      .examples = {"devy-upload check .", "devy-upload check . --strict",
                   "devy-upload check . --ignored", "devy-upload check . --format github",
                   "devy-upload check content --json"},
      .positionals = {{.name = "directory",
                       .help = "a work tree, or any folder",
                       .kind = ValueKind::directory}},
      .options = {{.name = "list",
                   .help = "list what would be published, with slugs and dates, and the redirects"},
                  {.name = "ignored",
                   .help = "list the files that are left out, each with its rule"},
                  {.name = "format",
                   .value = "FORM",
                   .help = "how findings are printed: text, GitHub's annotations, or SARIF 2.1.0",
                   .default_value = "text",
                   .choices = {"text", "github", "sarif"}},
                  {.name = "strict", .help = "warnings end it with 10, too"}},
      .run = run_check};
  return command;
}

}  // namespace devy::cli
