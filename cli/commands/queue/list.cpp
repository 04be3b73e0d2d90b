#include "cli/commands/publishing/upload_selection.hpp"
#include "cli/commands/publishing/upload_text.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/json_output.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/publishing/store/upload_json.hpp"

// `list`: uploads, newest first.

namespace devy::cli {
namespace {

std::string duration_text(const publishing::Upload& upload) {
  if (!upload.duration_ms) return "-";
  return base::format_duration(std::chrono::milliseconds(*upload.duration_ms));
}

void print_table(Context& context, const std::vector<publishing::Upload>& uploads) {
  const auto shown = publishing::unambiguous_length(context.database(), uploads);
  Table table({{"ID"},
               {.title = "BLOG", .is_elastic = true},
               {.title = "STATE", .is_elastic = true},
               {"TRIGGER"},
               {"COMMIT"},
               {.title = "CHANGES", .is_elastic = true},
               {"CREATED"},
               {.title = "TOOK", .align = Align::right}});
  for (const auto& upload : uploads)
    table.add({upload.id.text().substr(0, shown), upload.blog,
               Cell(state_text(upload), color_of(upload.state)), upload.trigger,
               upload.commit ? upload.commit->substr(0, commit_shown) : "-",
               counts_sketch(upload.changes), context.time_text(upload.created_at),
               duration_text(upload)});
  table.print(context.terminal());
}

int run_list(Context& context, const Arguments& arguments) {
  auto filter = read_filter(context, arguments);
  filter.is_stuck = arguments.has("stuck");
  filter.limit = static_cast<int>(arguments.number("limit").value_or(filter.limit));
  const auto uploads = publishing::list_uploads(context.database(), filter);
  if (context.is_json()) print_json(context.out(), json_array(uploads, publishing::upload_json));
  else if (uploads.empty()) context.say("no uploads");
  else print_table(context, uploads);
  return exit_ok;
}

}  // namespace

const Command& list_command() {
  static const Command command{
      .name = "list",
      .aliases = {"ls"},
      .summary = "list uploads, newest first",
      .help = "CHANGES counts posts: + created, ~ updated, » renamed, - deleted, ! files in error.",
      .examples = {"devy-upload list --state failed --since 1h", "devy-upload ls --stuck"},
      .options = {state_option(all_states()),
                  blog_option(),
                  since_option(),
                  {.name = "stuck",
                   .help = "only those that need somebody: overdue, orphaned, held"},
                  {.name = "limit",
                   .short_name = 'n',
                   .value = "N",
                   .help = "at most so many",
                   .kind = ValueKind::number,
                   .default_value = "50",
                   .least = 1,
                   .most = 100'000}},
      .run = run_list};
  return command;
}

}  // namespace devy::cli
