#include "cli/commands/publishing/blog_json.hpp"
#include "cli/commands/publishing/file_errors.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/table.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/base/secret.hpp"
#include "core/platform/git/url_policy.hpp"
#include "core/publishing/store/reconcile_schedule.hpp"
#include "core/publishing/store/upload_store.hpp"

// `blog list` and `blog show`.

namespace devy::cli {
namespace {

constexpr std::size_t commit_shown = 8;

Color color_of(const std::string& state) {
  if (state == "completed") return Color::green;
  if (state == "failed" || state == "held") return Color::red;
  if (state == "paused") return Color::yellow;
  return Color::none;
}

int list_blogs(Context& context, const Arguments& arguments) {
  const auto blogs = publishing::list_blogs(context.database(), arguments.has("all"));
  if (context.is_json()) {
    print_json(context.out(), json_array(blogs, blog_json));
    return exit_ok;
  }
  Table table({{"BLOG"},
               {.title = "REPOSITORY", .is_elastic = true},
               {.title = "POSTS", .align = Align::right},
               {"HEAD"},
               {"PUBLISHED"},
               {"LAST UPLOAD"}});
  for (const auto& blog : blogs) {
    const auto state = !blog.is_connected   ? "disconnected"
                       : blog.frozen_reason ? "frozen"
                       : blog.pause         ? "paused"
                                            : blog.last_upload_state.value_or("-");
    table.add({blog.address(), git::display_name(blog.repository_url), std::to_string(blog.posts),
               blog.head_commit ? blog.head_commit->substr(0, commit_shown) : "-",
               context.time_text(blog.head_at), Cell(state, color_of(state))});
  }
  if (table.empty()) context.say("no blogs; connect one with `devy-upload blog connect`");
  else table.print(context.terminal());
  return exit_ok;
}

void print_blog(Context& context, const publishing::Blog& blog) {
  auto& out = context.out();
  const auto line = [&](const char* label, const std::string& text) {
    out << label << base::safe_text(text) << '\n';
  };
  line("blog         ", blog.address() + (blog.is_connected ? "" : " (disconnected)"));
  line("id           ", blog.id.text());
  if (blog.name) line("name         ", *blog.name);
  if (blog.description) line("description  ", *blog.description);
  line("repository   ", blog.repository_url);
  line("branch       ", blog.branch           ? *blog.branch
                        : blog.default_branch ? *blog.default_branch + " (the default branch)"
                                              : "the default branch");
  line("head         ", blog.head_commit.value_or("nothing published yet"));
  if (blog.head_at) line("published    ", context.time_text(blog.head_at));
  if (blog.pinned_commit) line("pinned       ", *blog.pinned_commit + ", until the next push");
  if (blog.frozen_reason) line("frozen       ", *blog.frozen_reason + "; posts stay");
  if (blog.pause)
    line("paused       ", queue::pause_text(*blog.pause) + "; `devy-upload queue resume " +
                              blog.address() + "` ends it");
  line("posts        ", std::to_string(blog.posts));
  if (blog.last_upload)
    line("last upload  ", blog.last_upload->text() + " " + blog.last_upload_state.value_or(""));
}

// Prints the blog's state at the remote; it is redacted, since errors of the remote quote
// addresses.
void print_reconcile_schedule(Context& context,
                              const publishing::ReconcileSchedule& reconcile_schedule) {
  auto& out = context.out();
  if (reconcile_schedule.reconciled_at)
    out << "reconciled   " << context.time_text(reconcile_schedule.reconciled_at) << '\n';
  if (reconcile_schedule.skipped_tip)
    out << "behind       " << *reconcile_schedule.skipped_tip
        << " has a skip marker, and waits for the next push or `devy-upload trigger`\n";
  if (reconcile_schedule.error)
    out << "unreachable  " << reconcile_schedule.failures
        << " times in a row: " << base::safe_text(base::redact(*reconcile_schedule.error)) << '\n';
  if (reconcile_schedule.verified_at)
    out << "verified     " << context.time_text(reconcile_schedule.verified_at)
        << (reconcile_schedule.drift == 0 ? "" : ", drifted: see `devy-upload verify`") << '\n';
}

Json reconcile_schedule_json(const publishing::ReconcileSchedule& reconcile_schedule) {
  return Json::object({{"reconciled_at", reconcile_schedule.reconciled_at},
                       {"reconcile_at", reconcile_schedule.reconcile_at},
                       {"failures", reconcile_schedule.failures},
                       {"gone_since", reconcile_schedule.gone_since},
                       {"error", reconcile_schedule.error},
                       {"verified_at", reconcile_schedule.verified_at},
                       {"drift", reconcile_schedule.drift},
                       {"skipped_tip", reconcile_schedule.skipped_tip}});
}

int show_blog(Context& context, const Arguments& arguments) {
  const auto blog = publishing::find_blog(context.database(), arguments.required("blog"));
  const auto errors = publishing::list_file_errors(context.database(), blog.id);
  const auto reconcile_schedule = publishing::load_reconcile_schedule(context.database(), blog.id);
  if (context.is_json()) {
    auto document = blog_json(blog);
    document.set("files_in_error", json_array(errors, file_error_json));
    document.set("reconcile_schedule", reconcile_schedule_json(reconcile_schedule));
    print_json(context.out(), document);
    return exit_ok;
  }
  print_blog(context, blog);
  print_reconcile_schedule(context, reconcile_schedule);
  if (!errors.empty()) context.out() << "file errors  " << errors.size() << '\n';
  for (const auto& error : errors)
    context.out() << "  " << file_error_line(error) << '\n';
  return exit_ok;
}

}  // namespace

const Command& blog_list_command() {
  static const Command command{.name = "blog list",
                               .summary = "list the blogs",
                               .options = {{.name = "all", .help = "disconnected ones too"}},
                               .name_field = "blog",
                               .is_paged = true,
                               .run = list_blogs};
  return command;
}

const Command& blog_show_command() {
  static const Command command{
      .name = "blog show",
      .summary = "show a blog: repository, branch, head, files in error",
      .positionals = {{.name = "blog", .help = "which", .kind = ValueKind::blog}},
      .name_field = "blog",
      .run = show_blog};
  return command;
}

}  // namespace devy::cli
