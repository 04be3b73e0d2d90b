#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/json_output.hpp"
#include "cli/terminal/table.hpp"
#include "core/platform/queue/daemons.hpp"
#include "core/platform/queue/health.hpp"
#include "core/systems.hpp"

// `worker list`.

namespace devy::cli {
namespace {

// A lease, and what its operation is about.
struct Running {
  queue::LeaseRow lease;
  std::optional<std::string> blog;
};

std::vector<Running> list_running(pg::Connection& connection) {
  const auto leases = queue::list_leases(connection);
  std::vector<std::string> ids;
  for (const auto& lease : leases)
    ids.push_back(lease.operation);
  const auto blogs = systems::subjects(connection, ids);
  std::vector<Running> running;
  for (const auto& lease : leases) {
    const auto blog = blogs.find(lease.operation);
    running.push_back({lease, blog == blogs.end() ? std::nullopt : std::optional(blog->second)});
  }
  return running;
}

Json daemon_json(const queue::DaemonRow& daemon) {
  return Json::object({{"name", daemon.name},
                       {"version", daemon.version},
                       {"state", daemon.is_lost ? "lost" : daemon.state},
                       {"workers", daemon.workers},
                       {"busy", daemon.busy},
                       {"started_at", daemon.started_at},
                       {"seen_at", daemon.seen_at}});
}

Json running_json(const Running& running) {
  const auto& lease = running.lease;
  return Json::object({{"worker", lease.worker},
                       {"id", lease.operation},
                       {"kind", lease.kind},
                       {"blog", running.blog},
                       {"state", lease.state},
                       {"step", lease.step},
                       {"attempt", lease.attempt},
                       {"since", lease.since},
                       {"lease_expires_at", lease.expires_at},
                       {"is_expired", lease.is_expired}});
}

void print_worker(Context& context, const std::vector<queue::DaemonRow>& daemons,
                  const std::vector<Running>& running) {
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
  for (const auto& [lease, blog] : running)
    lease_table.add({lease.worker,
                     lease.operation.substr(0, id_length),
                     blog.value_or("-"),
                     {lease.is_expired ? "lease ran out" : lease.step.value_or("-"),
                      lease.is_expired ? Color::red : Color::none},
                     std::to_string(lease.attempt),
                     context.time_text(lease.since)});
  if (daemons.empty()) context.say("no daemon has been heard of for a day");
  else daemon_table.print(context.terminal());
  if (!daemons.empty() && !running.empty()) context.out() << '\n';
  if (running.empty()) context.say("nothing runs");
  else lease_table.print(context.terminal());
}

int run_worker(Context& context, const Arguments&) {
  auto& connection = context.database();
  const auto daemons = queue::list_daemons(connection);
  const auto running = list_running(connection);
  if (context.is_json())
    print_json(context.out(), Json::object({{"daemons", json_array(daemons, daemon_json)},
                                            {"running", json_array(running, running_json)}}));
  else print_worker(context, daemons, running);
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
      .run = run_worker};
  return command;
}

}  // namespace devy::cli
