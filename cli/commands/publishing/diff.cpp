#include <string_view>
#include <unordered_map>

#include "cli/commands/publishing/file_errors.hpp"
#include "cli/commands/publishing/planned_post.hpp"
#include "cli/commands/publishing/preview_json.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/progress.hpp"
#include "core/platform/base/hex.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/publishing/store/blog_store.hpp"
#include "core/publishing/store/upload_store.hpp"
#include "core/publishing/upload/service.hpp"

// `diff`: what publishing would change, by path. Changes nothing.

namespace devy::cli {
namespace {

struct Subject {
  publishing::Blog blog;
  std::optional<std::string> commit;
};

// A blog's address holds a slash and an upload's alias an at-sign; the rest could be either.
Subject find_subject(Context& context, const std::string& name) {
  auto& database = context.database();
  const auto of_upload = [&] {
    const auto upload = publishing::find_upload(database, name);
    return Subject{publishing::find_blog_by_id(database, upload.blog_id),
                   upload.commit ? upload.commit : upload.requested_commit};
  };
  if (name.starts_with('@')) return of_upload();
  if (name.find('/') != std::string::npos)
    return {publishing::find_blog(database, name), std::nullopt};
  try {
    return {publishing::find_blog(database, name), std::nullopt};
  } catch (const base::Error& error) {
    if (error.kind() != base::ErrorKind::not_found) throw;
    if (!base::is_uuid_prefix(name)) throw;
  }
  return of_upload();
}

void print_preview(Context& context, const upload::Preview& preview) {
  using snapshot::ChangeKind;
  auto& out = context.out();
  const bool is_colored = context.terminal().is_out_colored;
  const auto line = [&](const char* mark, Color color, const std::string& text) {
    out << paint(std::string(mark) + " " + base::safe_text(text, 4'096), color, is_colored) << '\n';
  };
  const auto changes = effective_changes(preview);
  std::unordered_map<std::string_view, const upload::PlannedPost*> posts;
  for (const auto& post : preview.posts)
    posts.emplace(post.path, &post);
  for (const auto& change : changes.changes) {
    switch (change.kind) {
      case ChangeKind::created: line("A", Color::green, change.path); break;
      case ChangeKind::updated: line("M", Color::yellow, change.path); break;
      case ChangeKind::renamed: line("R", Color::blue, change.from + " -> " + change.path); break;
      case ChangeKind::deleted: line("D", Color::red, change.path); break;
    }
    if (const auto post = posts.find(change.path);
        post != posts.end() && change.kind != ChangeKind::deleted)
      out << "    " << planned_post_text(*post->second, context.now()) << '\n';
  }
  for (const auto& redirect : preview.redirects)
    out << "> " << redirect_text(redirect) << '\n';
  print_findings(context, preview.file_errors, preview.warnings);
  context.say(preview.blog + ": " + std::to_string(changes.count(ChangeKind::created)) +
              " created, " + std::to_string(changes.count(ChangeKind::updated)) + " updated, " +
              std::to_string(changes.count(ChangeKind::renamed)) + " renamed, " +
              std::to_string(changes.count(ChangeKind::deleted)) + " deleted, " +
              std::to_string(changes.unchanged) + " unchanged, " +
              count_text(preview.file_errors.size(), "file error") + ", " +
              count_text(preview.warnings.size(), "warning"));
  if (preview.left_out) say_left_out(context, *preview.left_out);
  if (preview.held) context.say("it would be held: " + *preview.held);
}

int run_diff(Context& context, const Arguments& arguments) {
  const auto subject = find_subject(context, arguments.required("subject"));
  const auto commit = arguments.has("commit") ? arguments.text("commit") : subject.commit;
  upload::Preview preview;
  {
    ProgressLine progress(context);
    preview = upload::preview(
        context.database(), context.config(), subject.blog, commit,
        [&](const queue::Progress& at) { progress.show(at); }, context.stop());
  }
  if (context.is_json()) print_json(context.out(), preview_json(preview, context.now()));
  else print_preview(context, preview);
  return exit_ok;
}

}  // namespace

const Command& diff_command() {
  static const Command command{
      .name = "diff",
      .summary = "show what publishing would change, by path; changes nothing",
      .help =
          "Fetches the branch's tip, or the commit of an upload, and compares it with the "
          "posts. A created, M updated, R renamed, D deleted, > an old address that will redirect.",
      .examples = {"devy-upload diff alice/notes", "devy-upload diff @last-failed"},
      .positionals = {{.name = "subject", .help = "a blog or an upload", .kind = ValueKind::blog}},
      .options = {{.name = "commit", .value = "SHA", .help = "this commit instead of the tip"}},
      .run = run_diff};
  return command;
}

}  // namespace devy::cli
