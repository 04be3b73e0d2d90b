#include "core/platform/queue/list.hpp"

#include <algorithm>

#include "cli/commands/publishing/upload_selection.hpp"
#include "cli/commands/publishing/upload_text.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/line/limit_option.hpp"
#include "cli/terminal/json_output.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/publishing/store/upload_json.hpp"
#include "core/systems.hpp"

// `list`: uploads, or operations of another kind, newest first.

namespace devy::cli {
namespace {

// Instead of a kind: operations of every kind.
constexpr std::string_view any_kind = "all";

std::vector<std::string> kind_names() {
  std::vector<std::string> names{std::string(any_kind)};
  for (const auto* kind : systems::kinds_by_name())
    names.push_back(kind->name);
  return names;
}

std::string duration_text(const publishing::Upload& upload) {
  if (!upload.duration_ms) return "-";
  return base::format_duration(std::chrono::milliseconds(*upload.duration_ms));
}

void print_table(Context& context, const std::vector<publishing::Upload>& uploads) {
  const auto shown = publishing::unambiguous_length(context.database(), uploads);
  // Most lists have no error, and then the column would only cost width.
  const bool has_codes = std::ranges::any_of(
      uploads, [](const auto& upload) { return upload.error_code.has_value(); });
  std::vector<Column> columns{{"ID"},
                              {.title = "BLOG", .is_elastic = true},
                              {.title = "STATE", .is_elastic = true, .weight = 4},
                              {.title = "TRIGGER", .weight = nice_to_know},
                              {.title = "COMMIT", .weight = 1},
                              {.title = "CHANGES", .weight = 3},
                              {.title = "CREATED"},
                              {.title = "TOOK", .align = Align::right, .weight = 1}};
  if (has_codes)
    columns.insert(columns.begin() + 3, {.title = "CODE", .is_elastic = true, .weight = 3});
  Table table(std::move(columns));
  for (const auto& upload : uploads) {
    std::vector<Cell> row{upload.id.text().substr(0, shown),
                          upload.blog,
                          Cell(state_text(upload), color_of(upload.state)),
                          upload.trigger,
                          upload.commit ? upload.commit->substr(0, commit_shown) : "-",
                          counts_sketch(upload.changes),
                          context.time_text(upload.created_at),
                          duration_text(upload)};
    if (upload.commit) row[4].link = upload.repository_url + "/commit/" + *upload.commit;
    if (has_codes)
      row.insert(row.begin() + 3, Cell(upload.error_code.value_or("-"),
                                       upload.error_code ? Color::red : Color::none));
    table.add(std::move(row));
  }
  table.print(context.terminal());
}

Json operation_json(const queue::OperationRow& row, const std::optional<std::string>& subject) {
  return Json::object({{"id", row.id},
                       {"kind", row.kind},
                       {"subject", subject},
                       {"state", row.state},
                       {"step", row.step},
                       {"lane", row.lane},
                       {"direction", row.direction},
                       {"source", row.source},
                       {"owner", row.owner},
                       {"attempt", row.attempt},
                       {"max_attempts", row.max_attempts},
                       {"created_at", row.created_at},
                       {"finished_at", row.finished_at},
                       {"error_code", row.error_code},
                       {"error_text", row.error_text}});
}

// Operations of one kind, or of any, with what all of them have.
int list_of_kind(Context& context, const Arguments& arguments, const std::string& kind) {
  const auto uploads = read_filter(context, arguments);
  queue::OperationFilter filter;
  if (kind != any_kind) filter.kind = kind;
  filter.direction = arguments.text("direction");
  for (const auto state : uploads.states)
    filter.states.emplace_back(queue::to_string(state));
  filter.since = uploads.since;
  filter.until = uploads.until;
  filter.code = uploads.code;
  filter.limit = static_cast<int>(arguments.number("limit").value_or(filter.limit));
  auto& connection = context.database();
  const auto rows = queue::list_operations(connection, filter);
  std::vector<std::string> ids;
  for (const auto& row : rows)
    ids.push_back(row.id);
  const auto subjects = systems::subjects(connection, ids);
  const auto subject_of = [&](const queue::OperationRow& row) {
    const auto found = subjects.find(row.id);
    return found == subjects.end() ? std::nullopt : std::optional(found->second);
  };
  if (context.is_json()) {
    auto document = Json::array();
    for (const auto& row : rows)
      document.push(operation_json(row, subject_of(row)));
    print_json(context.out(), document);
    return exit_ok;
  }
  Table table({{"ID"},
               {.title = "KIND"},
               {.title = "SUBJECT", .is_elastic = true},
               {.title = "STATE", .weight = 3},
               {.title = "STEP", .weight = 1},
               {.title = "CODE", .is_elastic = true, .weight = 3},
               {.title = "LANE", .weight = nice_to_know},
               {.title = "CREATED"}});
  for (const auto& row : rows)
    table.add({short_id(row.id), row.kind, subject_of(row).value_or("-"), row.state,
               row.step.value_or("-"), row.error_code.value_or("-"), row.lane,
               context.time_text(row.created_at)});
  if (table.empty()) context.say("no operations");
  else table.print(context.terminal());
  return exit_ok;
}

int run_list(Context& context, const Arguments& arguments) {
  if (const auto kind = arguments.text("kind"); kind && *kind != publishing::upload_kind)
    return list_of_kind(context, arguments, *kind);
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
      .help =
          "CHANGES counts posts: + created, ~ updated, » renamed, - deleted, ! files in error. "
          "`devy-upload explain <code>` says what an error code means.",
      .examples = {"devy-upload list --state failed --since 1h", "devy-upload ls --stuck",
                   "devy-upload list --code fetch_stalled --since yesterday",
                   "devy-upload list --kind all --json"},
      .options = {state_option(all_states()),
                  blog_option(),
                  code_option(),
                  since_option(),
                  until_option(),
                  {.name = "kind",
                   .value = "KIND",
                   .help = "operations of that kind, or of `all` kinds, instead of uploads",
                   .choices = kind_names()},
                  {.name = "direction",
                   .value = "D",
                   .help = "with --kind: what brings news in, or what tells others",
                   .choices = {"inbound", "outbound"}},
                  {.name = "stuck",
                   .help = "only those that need somebody: overdue, orphaned, held, paused"},
                  limit_option(100'000)},
      .is_paged = true,
      .run = run_list};
  return command;
}

}  // namespace devy::cli
