#include "cli/arguments.hpp"
#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/json_output.hpp"
#include "cli/table.hpp"
#include "core/store/health_store.hpp"

// `worker list`.

namespace devy::cli {
namespace {

Json daemon_json(const store::DaemonRow& daemon) {
  return Json::object({{"name", daemon.name},
                       {"version", daemon.version},
                       {"state", daemon.is_lost ? "lost" : daemon.state},
                       {"workers", daemon.workers},
                       {"busy", daemon.busy},
                       {"started_at", daemon.started_at},
                       {"seen_at", daemon.seen_at}});
}

Json lease_json(const store::LeaseRow& lease) {
  return Json::object({{"worker", lease.worker},
                       {"id", lease.operation},
                       {"kind", lease.kind},
                       {"blog", lease.blog},
                       {"state", lease.state},
                       {"step", lease.step},
                       {"attempt", lease.attempt},
                       {"since", lease.since},
                       {"lease_expires_at", lease.expires_at},
                       {"is_expired", lease.is_expired}});
}

void print(Context& context, const std::vector<store::DaemonRow>& daemons,
           const std::vector<store::LeaseRow>& leases) {
  Table daemon_table({{"DAEMON", Align::left, true},
                      {"VERSION"},
                      {"STATE"},
                      {"WORKERS", Align::right},
                      {"BUSY", Align::right},
                      {"SEEN"}});
  for (const auto& daemon : daemons)
    daemon_table.add(
        {daemon.name,
         daemon.version,
         {daemon.is_lost ? "lost" : daemon.state, daemon.is_lost ? Color::red : Color::none},
         std::to_string(daemon.workers),
         std::to_string(daemon.busy),
         context.time_text(daemon.seen_at)});
  Table lease_table({{"WORKER", Align::left, true},
                     {"ID"},
                     {"BLOG"},
                     {"STEP"},
                     {"ATTEMPT", Align::right},
                     {"SINCE"}});
  constexpr std::size_t id_length = 8;
  for (const auto& lease : leases)
    lease_table.add({lease.worker,
                     lease.operation.substr(0, id_length),
                     lease.blog.value_or("-"),
                     {lease.is_expired ? "lease ran out" : lease.step.value_or("-"),
                      lease.is_expired ? Color::red : Color::none},
                     std::to_string(lease.attempt),
                     context.time_text(lease.since)});
  if (daemons.empty()) context.say("no daemon has been heard of for a day");
  else daemon_table.print(context.terminal());
  if (!daemons.empty() && !leases.empty()) context.out() << '\n';
  if (leases.empty()) context.say("nothing runs");
  else lease_table.print(context.terminal());
}

int run(Context& context, const Arguments&) {
  auto& connection = context.database();
  const auto daemons = store::list_daemons(connection);
  const auto leases = store::list_leases(connection);
  if (context.is_json())
    print_json(context.out(), Json::object({{"daemons", json_array(daemons, daemon_json)},
                                            {"running", json_array(leases, lease_json)}}));
  else print(context, daemons, leases);
  return exit_ok;
}

}  // namespace

const Command& worker_list_command() {
  static const Command command{
      .name = "worker list",
      .summary = "list the daemons, and which worker runs what",
      .help =
          "A daemon that has been silent for a minute is lost; what it ran is taken over when its "
          "leases have run out. Workers of `poll` and `--here` are listed while they run "
          "something.",
      .examples = {"devy-upload worker list"},
      .run = run};
  return command;
}

}  // namespace devy::cli
