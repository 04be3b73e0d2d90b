#include "cli/commands/mirror/hook_json.hpp"
#include "cli/commands/mirror/load_wait.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/json_output.hpp"
#include "cli/terminal/table.hpp"
#include "core/mirror/store/repository_store.hpp"
#include "core/mirror/store/scan_store.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/queue/pause.hpp"

// `mirror list` and `mirror status`: what is mirrored, and how fresh it is.

namespace devy::cli {
namespace {

constexpr int open_scans_max = 100;

Json scanned_json(const mirror::Repository& repository) {
  auto document = Json::object();
  for (const auto& [list, time] : repository.last_scanned)
    document.set(list, time);
  return document;
}

Json scan_line_json(const mirror::Scan& scan) {
  return Json::object({{"id", scan.id},
                       {"list", scan.list},
                       {"state", scan.state},
                       {"phase", scan.phase},
                       {"items", scan.items},
                       {"requests", scan.requests},
                       {"started_at", scan.started_at}});
}

std::vector<mirror::Scan> open_scans(pg::Connection& connection,
                                     const mirror::Repository& repository) {
  auto scans = mirror::list_scans(connection, repository.id, open_scans_max);
  std::erase_if(scans, [](const auto& scan) { return !scan.is_open(); });
  return scans;
}

mirror::HookState hook_of(Context& context, const mirror::Repository& repository) {
  return mirror::hook_states(context.database(), {repository.id}).at(repository.id);
}

Json mirror_status_json(Context& context, const mirror::Repository& repository) {
  const auto counts = mirror::count_rows(context.database(), repository.id);
  auto rows = Json::object();
  for (const auto& [name, count] : counts.rows)
    rows.set(name, count);
  return Json::object(
      {{"full_name", repository.full_name},
       {"id", repository.id},
       {"private", repository.is_private},
       {"is_mirrored", repository.is_mirrored},
       {"hook", hook_json(hook_of(context, repository))},
       {"rows", rows},
       {"unsettled", counts.unsettled},
       {"last_replicated_via_webhook_at", repository.via_webhook_at},
       {"last_replicated_via_api_at", repository.via_api_at},
       {"last_scanned", scanned_json(repository)},
       {"open_scans", json_array(open_scans(context.database(), repository), scan_line_json)}});
}

std::optional<base::TimePoint> oldest_scan(const mirror::Repository& repository) {
  std::optional<base::TimePoint> oldest;
  for (const auto* list : {"labels", "milestones", "issues", "pulls"}) {
    const auto& time = repository.last_scanned.at(list);
    if (!time) return std::nullopt;
    if (!oldest || *time < *oldest) oldest = time;
  }
  return oldest;
}

int list_mirrored(Context& context, const Arguments&) {
  auto& connection = context.database();
  const auto repositories = mirror::list_repositories(connection);
  if (context.is_json()) {
    auto array = Json::array();
    for (const auto& repository : repositories)
      array.push(mirror_status_json(context, repository));
    print_json(context.out(), array);
    return exit_ok;
  }
  Table table({{.title = "REPOSITORY", .is_elastic = true},
               {.title = "ISSUES", .align = Align::right},
               {.title = "PULLS", .align = Align::right},
               {.title = "UNSETTLED", .align = Align::right},
               {"LAST WEBHOOK"},
               {"ALL READ"},
               {"NOW"}});
  for (const auto& repository : repositories) {
    const auto counts = mirror::count_rows(connection, repository.id);
    const auto scans = open_scans(connection, repository);
    table.add({repository.full_name, std::to_string(counts.rows.at("issues")),
               std::to_string(counts.rows.at("pulls")), std::to_string(counts.unsettled),
               context.time_text(repository.via_webhook_at),
               context.time_text(oldest_scan(repository)),
               scans.empty() ? Cell("-") : Cell("reading " + scans.front().list, Color::blue)});
  }
  if (table.empty()) context.say("nothing is mirrored; add one with `devy-upload mirror add`");
  else table.print(context.terminal());
  return exit_ok;
}

// Pauses that keep the mirror from reading: of the whole queue, and of kinds of its own.
void print_pauses(Context& context) {
  const auto line = [&](const std::string& text) {
    context.out() << "held back   " << base::safe_text(text) << '\n';
  };
  constexpr queue::ResourceId no_resource = 0;
  if (const auto pause = queue::pause_of(context.database(), no_resource))
    line(queue::pause_text(*pause));
  for (const auto& [kind, reason, since] : queue::paused_kinds(context.database()))
    if (kind.starts_with("mirror"))
      line(queue::pause_text({false, since, std::nullopt, reason, kind}));
}

void print_mirror_status(Context& context, const mirror::Repository& repository) {
  auto& out = context.out();
  out << "repository  " << repository.full_name << (repository.is_private ? " (private)" : "")
      << (repository.is_mirrored ? "" : " (not mirrored)") << '\n'
      << "id          " << repository.id << '\n'
      << "hook        " << hook_of(context, repository).state << '\n'
      << "webhook     " << context.time_text(repository.via_webhook_at) << '\n'
      << "API         " << context.time_text(repository.via_api_at) << '\n';
  const auto counts = mirror::count_rows(context.database(), repository.id);
  out << "unsettled   " << counts.unsettled << '\n';
  print_pauses(context);
  Table table({{"LIST"}, {.title = "ROWS", .align = Align::right}, {"READ"}, {"NOW"}});
  const auto scans = open_scans(context.database(), repository);
  for (const auto& [name, rows] : counts.rows) {
    const auto scanned = repository.last_scanned.find(name);
    Cell now("-");
    for (const auto& scan : scans)
      if (scan.list == name)
        now = Cell(scan.phase + ", " + std::to_string(scan.items) + " read", Color::blue);
    table.add({name, std::to_string(rows),
               scanned == repository.last_scanned.end() ? "-" : context.time_text(scanned->second),
               now});
  }
  table.print(context.terminal());
}

int show_mirror_status(Context& context, const Arguments& arguments) {
  const auto name = arguments.required("repository");
  const auto repository = mirror::find_repository(context.database(), name);
  if (!repository)
    throw base::Error(base::ErrorKind::not_found, "the mirror does not know '" + name + "'",
                      "`devy-upload mirror list` shows what is mirrored.");
  if (context.is_json()) print_json(context.out(), mirror_status_json(context, *repository));
  else print_mirror_status(context, *repository);
  return exit_ok;
}

}  // namespace

const Command& mirror_list_command() {
  static const Command command{
      .name = "mirror list",
      .summary = "list the repositories that are mirrored, and how fresh their rows are",
      .help =
          "ALL READ: labels, milestones, issues and pull requests were all read at that time or "
          "later. UNSETTLED: rows that may have changed again within the second of their last "
          "change.",
      .examples = {"devy-upload mirror list --json"},
      .name_field = "full_name",
      .is_paged = true,
      .run = list_mirrored};
  return command;
}

const Command& mirror_status_command() {
  static const Command command{.name = "mirror status",
                               .summary = "show how fresh the rows of a mirrored repository are",
                               .examples = {"devy-upload mirror status alice/notes"},
                               .positionals = {{.name = "repository", .help = "owner/name"}},
                               .run = show_mirror_status};
  return command;
}

}  // namespace devy::cli
