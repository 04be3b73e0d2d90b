#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/line/limit_option.hpp"
#include "cli/terminal/json_output.hpp"
#include "cli/terminal/table.hpp"
#include "core/mirror/store/repository_store.hpp"
#include "core/mirror/store/scan_store.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/time_text.hpp"

// `mirror scan list` and `mirror scan show`: how lists were read.

namespace devy::cli {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::size_t id_shown = 8;

Json scan_json(const mirror::Scan& scan) {
  return Json::object({{"id", scan.id},
                       {"repository", scan.repository},
                       {"list", scan.list},
                       {"state", scan.state},
                       {"mode", scan.mode},
                       {"phase", scan.phase},
                       {"started_at", scan.started_at},
                       {"finished_at", scan.finished_at},
                       {"parts", scan.parts},
                       {"parts_open", scan.parts_open},
                       {"requests", scan.requests},
                       {"free_requests", scan.free_requests},
                       {"items", scan.items},
                       {"items_expected", scan.items_expected},
                       {"applied", scan.applied},
                       {"stale", scan.stale},
                       {"invalid", scan.invalid},
                       {"gone", scan.gone}});
}

Json part_json(const mirror::Part& part) {
  return Json::object({{"slot", part.slot},
                       {"from_at", part.from_at},
                       {"to_at", part.to_at},
                       {"next_page", part.next_page},
                       {"page_size", part.page_size},
                       {"pages", part.pages},
                       {"is_done", part.is_done}});
}

Color phase_color(const std::string& phase) {
  if (phase == "completed") return Color::green;
  if (phase == "failed" || phase == "held") return Color::red;
  return phase == "running" || phase == "sweeping" ? Color::blue : Color::none;
}

int list_scans(Context& context, const Arguments& arguments) {
  auto& connection = context.database();
  std::optional<std::int64_t> id;
  if (const auto name = arguments.text("repository")) {
    const auto repository = mirror::find_repository(connection, *name);
    if (!repository)
      throw Error(ErrorKind::not_found, "the mirror does not know '" + *name + "'",
                  "`devy-upload mirror list` shows what is mirrored.");
    id = repository->id;
  }
  const auto scans =
      mirror::list_scans(connection, id, static_cast<int>(arguments.number("limit").value_or(50)));
  if (context.is_json()) {
    print_json(context.out(), json_array(scans, scan_json));
    return exit_ok;
  }
  Table table({{"ID"},
               {.title = "REPOSITORY", .is_elastic = true},
               {"LIST"},
               {"PHASE"},
               {.title = "ITEMS", .align = Align::right},
               {.title = "REQUESTS", .align = Align::right},
               {"STARTED"},
               {"TOOK"}});
  for (const auto& scan : scans)
    table.add({scan.id.substr(0, id_shown), scan.repository, scan.list,
               Cell(scan.phase, phase_color(scan.phase)), std::to_string(scan.items),
               std::to_string(scan.requests), context.time_text(scan.started_at),
               base::format_duration(scan.finished_at.value_or(context.now()) - scan.started_at)});
  if (table.empty()) context.say("nothing was read yet; `devy-upload mirror add` begins");
  else table.print(context.terminal());
  return exit_ok;
}

mirror::Scan find_by_prefix(pg::Connection& connection, const std::string& text) {
  constexpr int looked_at_max = 10'000;
  std::optional<mirror::Scan> found;
  for (auto& scan : mirror::list_scans(connection, std::nullopt, looked_at_max)) {
    if (!scan.id.starts_with(text)) continue;
    if (found)
      throw Error(ErrorKind::not_found, "the id '" + text + "' is ambiguous",
                  "Give more of its digits: `devy-upload mirror scan list --json` has all.");
    found = std::move(scan);
  }
  if (!found)
    throw Error(ErrorKind::not_found, "no scan has the id '" + text + "'",
                "`devy-upload mirror scan list` shows them.");
  return *found;
}

int show_scan(Context& context, const Arguments& arguments) {
  auto& connection = context.database();
  const auto scan = find_by_prefix(connection, arguments.required("id"));
  const auto parts = mirror::list_parts(connection, scan.id);
  if (context.is_json()) {
    auto document = scan_json(scan);
    document.set("part_list", json_array(parts, part_json));
    print_json(context.out(), document);
    return exit_ok;
  }
  auto& out = context.out();
  out << "scan      " << scan.id << '\n'
      << "list      " << scan.repository << '/' << scan.list << ", " << scan.state << '\n'
      << "phase     " << scan.phase << '\n'
      << "started   " << context.time_text(scan.started_at) << '\n'
      << "finished  " << context.time_text(scan.finished_at) << '\n'
      << "items     " << scan.items << ", of which " << scan.applied << " new or changed, "
      << scan.stale << " older than their rows, " << scan.invalid << " invalid\n"
      << "requests  " << scan.requests << ", " << scan.free_requests << " of them free\n";
  if (parts.empty()) return exit_ok;
  Table table({{"PART"}, {.title = "PAGES", .align = Align::right}, {"PLACE"}, {"STATE"}});
  for (const auto& part : parts)
    table.add({std::to_string(part.slot), std::to_string(part.pages),
               part.next_page ? "page " + std::to_string(*part.next_page)
                              : context.time_text(part.from_at),
               part.is_done ? Cell("done", Color::green) : Cell("open", Color::blue)});
  table.print(context.terminal());
  return exit_ok;
}

int run_scan(Context& context, const Arguments& arguments) {
  if (arguments.required("act") == "show") {
    if (!arguments.has("id"))
      throw Error(ErrorKind::usage, "unable to show a scan: its id is missing",
                  "`devy-upload mirror scan list` shows them.");
    return show_scan(context, arguments);
  }
  if (arguments.has("id"))
    throw Error(ErrorKind::usage, "unable to list one scan", "Say `mirror scan show ID`.");
  return list_scans(context, arguments);
}

}  // namespace

const Command& mirror_scan_command() {
  static const Command command{
      .name = "mirror scan",
      .summary = "list how lists were read, or show one part by part",
      .examples = {"devy-upload mirror scan list --repository alice/notes",
                   "devy-upload mirror scan show 1a2b3c4d"},
      .positionals = {{.name = "act", .help = "what to do", .choices = {"list", "show"}},
                      {.name = "id",
                       .help = "of the scan to show, or the beginning of one",
                       .is_optional = true}},
      .options = {{.name = "repository", .value = "R", .help = "of this repository: owner/name"},
                  limit_option(1000)},
      .run = run_scan};
  return command;
}

}  // namespace devy::cli
