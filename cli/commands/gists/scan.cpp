#include <algorithm>

#include "core/systems_run.hpp"

#include "cli/commands/gists/tracked.hpp"
#include "cli/commands/publishing/upload_wait.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/line/limit_option.hpp"
#include "cli/terminal/json_output.hpp"
#include "cli/terminal/table.hpp"
#include "core/gists/store/routine_store.hpp"
#include "core/gists/store/scan_store.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/platform/queue/list.hpp"

// `gist scan` and `gist routine`.

namespace devy::cli {
namespace {

using base::Error;
using base::ErrorKind;

struct Outcome {
  std::string login;
  queue::OperationRow operation;
};

std::vector<gists::User> scanned_users(Context& context, const Arguments& arguments) {
  const auto logins = arguments.all("login");
  if (arguments.has("all") != logins.empty())
    throw Error(ErrorKind::usage, "unable to scan: name users, or say --all",
                "`devy-upload gist user list` shows who is tracked.");
  if (arguments.has("all")) return gists::list_users(context.database());
  std::vector<gists::User> users;
  for (const auto& login : logins) {
    users.push_back(tracked_user(context, login));
    if (users.back().state == "off")
      throw Error(ErrorKind::not_found, base::in_quotes(login) + " is tracked no more",
                  "`devy-upload gist user add " + login + "` has it go on.", "not_tracked");
  }
  return users;
}

// Waits until every scan has ended, and runs them here when asked to; false at the timeout.
bool wait_for_scans(Context& context, std::vector<Outcome>& scans, const WaitOptions& options) {
  ProgressLine progress(context);
  Daemons daemons(context);
  const auto begun_at = context.clock().monotonic_now();
  while (true) {
    bool is_over = true, has_run = false;
    for (auto& scan : scans) {
      scan.operation = context
                           .patiently([&] {
                             return queue::find_operation(context.database(), scan.operation.id);
                           })
                           .value_or(scan.operation);
      if (scan.operation.finished_at) continue;
      is_over = false;
      if (!options.is_run_here || scan.operation.state != "verified") continue;
      context.check_stop();
      if (systems::run_here(
              context.conninfo(), context.config(),
              {.only = base::OperationId::trusted(scan.operation.id)},
              [](const queue::Progress&) {}, context.stop()) > 0)
        has_run = true;
    }
    if (is_over) return true;
    const auto open = std::ranges::count_if(
        scans, [](const Outcome& scan) { return !scan.operation.finished_at; });
    progress.show("scanning, " + std::to_string(open) + " of " + std::to_string(scans.size()) +
                  " to go" +
                  (options.is_run_here || daemons.are_there()
                       ? ""
                       : ", but no daemon is there (--here runs them)"));
    const auto waited =
        std::chrono::duration_cast<base::Duration>(context.clock().monotonic_now() - begun_at);
    if (options.timeout && waited >= *options.timeout) return false;
    if (!has_run) context.sleep(wait_interval);
  }
}

Json outcome_json(const Outcome& scan) {
  return Json::object({{"login", scan.login},
                       {"operation", scan.operation.id},
                       {"state", scan.operation.state},
                       {"error", scan.operation.error_text}});
}

int run_gist_scan(Context& context, const Arguments& arguments) {
  require_gists(context);
  const auto users = scanned_users(context, arguments);
  if (context.is_dry_run()) {
    context.would("scan " + std::to_string(users.size()) + " users");
    return exit_ok;
  }
  auto& connection = context.database();
  std::vector<gists::UserId> ids;
  for (const auto& user : users)
    ids.push_back(user.id);
  const auto recorded = gists::ask_scans(
      connection, ids,
      {.is_full = arguments.has("full"), .requested_by = context.who(), .reason = {}});
  queue::wake_workers(connection);
  std::vector<Outcome> scans;
  for (const auto& one : recorded) {
    const auto user =
        std::ranges::find_if(users, [&](const auto& known) { return known.id == one.user; });
    scans.push_back({user->login, queue::find_operation(connection, one.operation.text()).value()});
  }
  const auto waiting = wait_options(arguments);
  const auto open_ids = [&] {
    std::vector<std::string> open;
    for (const auto& scan : scans)
      if (!scan.operation.finished_at) open.push_back(scan.operation.id);
    return open;
  };
  const bool is_over =
      !waiting || wait_or_say(
                      context, [&] { return wait_for_scans(context, scans, *waiting); }, open_ids);
  // A failure for good is noted at once, and not only by the daemon.
  if (waiting)
    static_cast<void>(
        gists::settle_scans(connection, context.config().gists, static_cast<int>(scans.size())));
  if (context.is_json()) print_json(context.out(), json_array(scans, outcome_json));
  bool has_failed = false;
  for (const auto& scan : scans) {
    const bool is_well = scan.operation.state == "completed" || !waiting;
    if (waiting && is_over && !is_well) has_failed = true;
    if (context.is_json()) continue;
    context.say(scan.login + ": " + scan.operation.state);
    if (!is_well && scan.operation.error_text)
      context.err() << "error: " << base::safe_text(*scan.operation.error_text) << '\n';
  }
  if (!is_over) return exit_timed_out;
  return has_failed ? exit_unsuccessful : exit_ok;
}

int list_gist_routines(Context& context, const Arguments& arguments) {
  const auto routines = gists::list_routines(
      context.database(), static_cast<int>(arguments.number("limit").value_or(50)));
  if (context.is_json()) {
    print_json(context.out(), json_array(routines, gists::routine_json));
    return exit_ok;
  }
  Table table({{"ID"},
               {"REASON"},
               {"STARTED"},
               {"FINISHED"},
               {.title = "USERS", .align = Align::right},
               {.title = "FAILED", .align = Align::right},
               {.title = "GISTS", .align = Align::right},
               {.title = "FILES", .align = Align::right}});
  for (const auto& routine : routines)
    table.add({std::to_string(routine.id), routine.reason, context.time_text(routine.started_at),
               context.time_text(routine.finished_at), std::to_string(routine.users),
               std::to_string(routine.failed), std::to_string(routine.gists),
               std::to_string(routine.files)});
  if (table.empty()) context.say("there was no routine yet");
  else table.print(context.terminal());
  return exit_ok;
}

int run_gist_routine(Context& context, const Arguments& arguments) {
  if (arguments.required("act") == "list") return list_gist_routines(context, arguments);
  constexpr int gists_max = 10'000;
  constexpr std::size_t digits_max = 18;
  const auto text = arguments.text("id").value_or("");
  const bool is_number = !text.empty() && text.size() <= digits_max &&
                         text.find_first_not_of("0123456789") == std::string::npos;
  if (!is_number)
    throw Error(ErrorKind::usage, "unable to show a routine: its number is missing",
                "`devy-upload gist routine list` shows them.");
  const auto routine = gists::find_routine(context.database(), std::stoll(text));
  if (!routine)
    throw Error(ErrorKind::not_found, "there is no routine " + text,
                "`devy-upload gist routine list` shows them.");
  const auto added = gists::gists_of_routine(context.database(), routine->id, gists_max);
  auto document = gists::routine_json(*routine);
  document.set("added", json_array(added, [](const gists::AddedGist& one) {
                 return Json::object({{"gist", one.gist}, {"login", one.login}});
               }));
  if (context.is_json()) {
    print_json(context.out(), document);
    return exit_ok;
  }
  context.out() << "routine   " << routine->id << ", " << routine->reason << '\n'
                << "started   " << context.time_text(routine->started_at) << '\n'
                << "finished  " << context.time_text(routine->finished_at) << '\n'
                << "users     " << routine->users << ", " << routine->failed << " failed, "
                << routine->pending << " to come\n"
                << "found     " << routine->files << " versions in " << routine->gists
                << " gists\n";
  Table table({{"ADDED GIST"}, {.title = "OF", .is_elastic = true}});
  for (const auto& one : added)
    table.add({one.gist, one.login});
  if (!table.empty()) table.print(context.terminal());
  return exit_ok;
}

}  // namespace

const Command& gist_scan_command() {
  static const Command command{
      .name = "gist scan",
      .summary = "scan the gists of tracked users now",
      .help =
          "A scan reads what was updated since the newest gist that is known; --full reads the "
          "whole list, which shows what is gone.",
      .examples = {"devy-upload gist scan alice --here", "devy-upload gist scan --all --wait=10m"},
      .positionals = {{.name = "login",
                       .help = "of users at GitHub",
                       .is_optional = true,
                       .is_repeatable = true}},
      .options = {{.name = "all", .help = "everybody who is tracked"},
                  {.name = "full", .help = "read the whole list"},
                  wait_option(),
                  here_option()},
      .run = run_gist_scan};
  return command;
}

const Command& gist_routine_command() {
  static const Command command{
      .name = "gist routine",
      .summary = "list the rounds of scans, or show what one added",
      .examples = {"devy-upload gist routine list", "devy-upload gist routine show 7 --json"},
      .positionals = {{.name = "act", .help = "what to do", .choices = {"list", "show"}},
                      {.name = "id", .help = "of the routine to show", .is_optional = true}},
      .options = {limit_option(1000)},
      .run = run_gist_routine};
  return command;
}

}  // namespace devy::cli
