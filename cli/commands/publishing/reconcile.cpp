#include <algorithm>

#include "cli/commands/publishing/file_errors.hpp"
#include "cli/commands/publishing/upload_text.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/json_output.hpp"
#include "cli/terminal/progress.hpp"
#include "core/platform/base/secret.hpp"
#include "core/publishing/reconcile/audit.hpp"
#include "core/publishing/upload/remote_tokens.hpp"

// `reconcile`: asks remotes for their tips and records what was missed.

namespace devy::cli {
namespace {

using base::Error;
using base::ErrorKind;
using reconcile::Reconciled;

std::vector<publishing::Blog> select_blogs(Context& context, const Arguments& arguments) {
  const auto name = arguments.text("blog");
  if (name.has_value() == arguments.has("all"))
    throw Error(ErrorKind::usage,
                name ? "unable to combine <blog> with --all" : "missing argument: <blog> or --all",
                "Name one blog, or say --all.");
  if (!name) return publishing::list_blogs(context.database());
  auto blog = publishing::find_blog(context.database(), *name);
  if (!blog.is_connected)
    throw Error(ErrorKind::conflict,
                "unable to reconcile '" + blog.address() + "': its repository is not connected",
                "Connect it again with `devy-upload blog connect`.");
  return {std::move(blog)};
}

Json reconciled_json(const Reconciled& result) {
  return Json::object({{"blog", result.blog},
                       {"tip", result.tip},
                       {"head", result.head},
                       {"upload", result.upload},
                       {"note", result.note},
                       {"is_error", result.is_error}});
}

void print_table(Context& context, const std::vector<Reconciled>& results) {
  const auto commit = [](const std::optional<std::string>& text) {
    return text ? text->substr(0, commit_shown) : "-";
  };
  Table table({{.title = "BLOG", .is_elastic = true},
               {"TIP"},
               {"HEAD"},
               {"UPLOAD"},
               {.title = "RESULT", .is_elastic = true}});
  for (const auto& result : results)
    table.add({result.blog, commit(result.tip), commit(result.head),
               result.upload ? short_id(result.upload->text()) : "-",
               Cell(base::redact(result.note), result.is_error ? Color::red : Color::none)});
  if (table.empty()) context.say("no blogs");
  else table.print(context.terminal());
}

int exit_status(const std::vector<Reconciled>& results) {
  const auto failures = std::count_if(results.begin(), results.end(),
                                      [](const Reconciled& result) { return result.is_error; });
  if (failures == 0) return exit_ok;
  return static_cast<std::size_t>(failures) < results.size() ? exit_partly_done : exit_failed;
}

int run_reconcile(Context& context, const Arguments& arguments) {
  const auto blogs = select_blogs(context, arguments);
  if (context.is_dry_run()) {
    context.would("ask for the tip of " + count_text(blogs.size(), "blog"));
    return exit_ok;
  }
  std::vector<Reconciled> results;
  git::TipAsker asker(upload::remote_tokens(context.config()));
  std::unique_ptr<github::Access> access;
  if (context.config().github.has_credentials())
    access = std::make_unique<github::Access>(context.config(), base::system_clock());
  {
    ProgressLine progress(context);
    for (const auto& blog : blogs) {
      // An interruption keeps nobody from learning what was found before it.
      if (context.stop().stop_requested()) break;
      progress.show("asking remotes", blog.address());
      try {
        results.push_back(reconcile::reconcile(context.database(), context.config(), blog,
                                               context.who(), asker, context.stop(), access.get()));
      } catch (const Error& error) {
        if (error.kind() != ErrorKind::stopped) throw;
        break;
      }
    }
  }
  if (context.is_json()) print_json(context.out(), json_array(results, reconciled_json));
  else print_table(context, results);
  if (results.size() < blogs.size())
    context.say(count_text(blogs.size() - results.size(), "blog") + " not asked");
  context.out().flush();
  context.check_stop();
  return exit_status(results);
}

}  // namespace

const Command& reconcile_command() {
  static const Command command{
      .name = "reconcile",
      .summary = "ask remotes for their tips, record what was missed",
      .help =
          "Heals lost webhooks: where the remote's tip is not what the blog shows, an upload is "
          "recorded. Confirms or refutes what deliveries claimed of a repository; with a "
          "credential "
          "GitHub is asked who a repository is, where there is a reason.",
      .examples = {"devy-upload reconcile --all", "devy-upload reconcile alice/blog"},
      .positionals =
          {{.name = "blog", .help = "username/slug", .kind = ValueKind::blog, .is_optional = true}},
      .options = {{.name = "all", .help = "every connected blog"}},
      .run = run_reconcile};
  return command;
}

}  // namespace devy::cli
