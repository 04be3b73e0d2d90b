#include <algorithm>
#include <cstdlib>
#include <optional>
#include <set>

#include "cli/commands/platform/doctor.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/platform/cluster/private_cluster.hpp"
#include "core/platform/pg/conninfo.hpp"
#include "core/platform/queue/daemons.hpp"
#include "core/platform/queue/health.hpp"
#include "core/platform/queue/pause.hpp"
#include "core/platform/queue/stats.hpp"
#include "core/platform/schema/schema_store.hpp"
#include "core/platform/schema/server_store.hpp"

#include "core/platform/base/count_text.hpp"
#include "core/systems.hpp"

namespace devy::cli {
namespace {

using base::Error;

constexpr std::chrono::seconds clock_skew_max{5};  // leases do not care; people reading times do
constexpr int version_least = 14;                  // what schema.sql is tested with, and later

void add(std::vector<Diagnosis>& diagnoses, std::string check, std::string message) {
  diagnoses.push_back({std::move(check), Health::ok, std::move(message), ""});
}

void examine_cluster(std::vector<Diagnosis>& diagnoses) {
  const auto paths = cluster::default_cluster_paths();
  const auto cluster = cluster::cluster_status(paths);
  if (!cluster.fault.empty())
    diagnoses.push_back({"private_cluster", Health::warning,
                         "'" + paths.data_directory + "' cannot be used: " + cluster.fault,
                         "Run the command as its owner, or restore the folder from a backup; a "
                         "server that is named with --db or DEVY_DB needs no private one."});
  else if (cluster.is_running)
    add(diagnoses, "private_cluster", "runs in '" + paths.data_directory + "'");
  else if (cluster.is_initialised)
    diagnoses.push_back({"private_cluster", Health::warning,
                         "is there but does not run, in '" + paths.data_directory + "'",
                         "Start it with `devy-upload db start`, or remove the folder if another "
                         "database took its place."});
}

void examine_server(Context& context, pg::Connection& connection, const std::string& origin,
                    std::vector<Diagnosis>& diagnoses) {
  const auto facts = schema::server_facts(connection);
  const auto where = connection.server_description() + " (named by " + origin + ")";
  const int major = std::atoi(facts.version.c_str());
  if (facts.is_standby)
    diagnoses.push_back({"database", Health::problem, where + " is a standby",
                         "Name the primary, or all hosts, in the connection string."});
  else if (major < version_least)
    diagnoses.push_back({"database", Health::problem,
                         where + " is PostgreSQL " + facts.version + ", too old",
                         "Use PostgreSQL 14 or later."});
  else if (facts.encoding != "UTF8")
    diagnoses.push_back({"database", Health::problem, where + " is encoded as " + facts.encoding,
                         "Make a database with encoding UTF8."});
  else add(diagnoses, "database", where + ", PostgreSQL " + facts.version);

  if (!connection.is_direct())
    diagnoses.push_back({"proxy", Health::warning, "a pooling proxy is in between",
                         "Everything works, but waiting workers look every queue.poll_interval "
                         "instead of being told; name the server itself for the quickest start."});
  const auto ours = context.now();
  const auto skew = facts.now > ours ? facts.now - ours : ours - facts.now;
  if (skew > clock_skew_max)
    diagnoses.push_back(
        {"clock", Health::warning,
         "this machine and the database are " + base::format_duration(skew) + " apart",
         "Run a time service on both."});
  else add(diagnoses, "clock", "within " + base::format_duration(skew) + " of the database");
}

bool examine_schema(pg::Connection& connection, std::vector<Diagnosis>& diagnoses) {
  try {
    schema::require_schema(connection);
  } catch (const Error& error) {
    diagnoses.push_back({"schema", Health::problem, error.text(), error.hint()});
    return false;
  }
  const auto gaps = schema::schema_gaps(connection);
  if (!gaps.tables.empty())
    diagnoses.push_back({"schema", Health::problem,
                         "it lacks " + base::count_text(gaps.tables.size(), "table") + ": " +
                             base::first_of(gaps.tables),
                         "Restore the database from a backup: no command can bring back what the "
                         "tables held."});
  if (!gaps.routines.empty())
    diagnoses.push_back({"schema", Health::problem,
                         "it lacks " + base::count_text(gaps.routines.size(), "function or view") +
                             ": " + base::first_of(gaps.routines),
                         "Run `devy-upload db migrate`, which makes them again."});
  if (!gaps.tables.empty() || !gaps.routines.empty()) return false;
  add(diagnoses, "schema", "version " + std::to_string(schema::schema_version));
  return true;
}

void examine_queue(pg::Connection& connection, std::vector<Diagnosis>& diagnoses) {
  constexpr std::chrono::hours window{24};
  const auto stats = queue::queue_stats(connection, window);
  if (stats.paused_until)
    diagnoses.push_back({"queue", Health::warning,
                         "is paused until " + *stats.paused_until +
                             (stats.pause_reason ? ": " + *stats.pause_reason : ""),
                         "Let it go on with `devy-upload queue resume`."});
  else add(diagnoses, "queue", "goes on; " + std::to_string(stats.running) + " running");
  for (const auto& kind : queue::paused_kinds(connection))
    diagnoses.push_back(
        {"paused_kinds", Health::warning,
         "no operation of kind " + kind.kind + " begins, since " +
             base::format_rfc3339(kind.since) + ": " + kind.reason,
         "Let them go on with `devy-upload queue resume --kind " + kind.kind + "`."});
  if (stats.expired_leases > 0)
    diagnoses.push_back(
        {"leases", Health::problem,
         std::to_string(stats.expired_leases) + " ran out: their workers died or stand still",
         "Any worker takes them back; run `devy-upload poll --once` if none does."});
}

// Uploads may also be run by a timer that calls `poll`: that no daemon was ever there is no fault.
void examine_daemons(Context& context, pg::Connection& connection,
                     std::vector<Diagnosis>& diagnoses) {
  const auto daemons = queue::list_daemons(connection);
  std::set<std::string> lanes;
  for (const auto& system : systems::table())
    for (const auto& kind : system.kinds)
      lanes.insert(kind.lane);
  std::int64_t waiting = 0;
  for (const auto& lane : lanes)
    waiting += queue::queue_health(connection, lane).waiting;
  const auto waits = base::count_text(static_cast<std::size_t>(waiting), "operation") +
                     (waiting == 1 ? " waits" : " wait");
  const auto living = std::ranges::count(daemons, false, &queue::DaemonRow::is_lost);
  if (living > 0)
    return add(diagnoses, "daemons", base::count_text(static_cast<std::size_t>(living), "daemon"));
  if (daemons.empty() && waiting == 0)
    return add(diagnoses, "daemons", "none within a day; " + waits);
  if (daemons.empty())
    return diagnoses.push_back(
        {"daemons", Health::warning, "no daemon was there within a day; " + waits,
         "Start devy-uploadd, or run `devy-upload poll --once`, as a timer can."});
  const auto last = std::ranges::max(daemons, {}, &queue::DaemonRow::seen_at);
  diagnoses.push_back(
      {"daemons", waiting > 0 ? Health::problem : Health::warning,
       "no daemon since " + context.time_text(last.seen_at) + " (" + last.name + "); " + waits,
       "Start devy-uploadd again, or run `devy-upload poll --once` meanwhile."});
}

// The daemon's processes may have connection strings of their own.
void examine_transport(const config::Database& settings, const std::string& ours,
                       std::vector<Diagnosis>& diagnoses) {
  std::vector<std::string> unverified = pg::unverified_hosts(ours);
  for (const auto* conninfo : {&settings.listener_conninfo, &settings.worker_conninfo,
                               &settings.metrics_conninfo, &settings.web_conninfo}) {
    if (conninfo->empty() || pg::conninfo_fault(*conninfo)) continue;  // `config check` has said so
    for (auto& host : pg::unverified_hosts(*conninfo))
      if (std::ranges::find(unverified, host) == unverified.end())
        unverified.push_back(std::move(host));
  }
  if (unverified.empty()) return;
  diagnoses.push_back(
      {"database_tls", Health::warning,
       "whoever answers as " + base::first_of(unverified) + " is believed to be the database",
       "Give it a certificate, and put sslmode=verify-full and sslrootcert into the connection "
       "string."});
}

}  // namespace

void examine_database(Context& context, std::vector<Diagnosis>& diagnoses) {
  // Whoever reads this has run doctor.
  const auto hint_of = [](const Error& error) {
    constexpr std::string_view itself = ", or run `devy-upload doctor`";
    auto hint = error.hint().empty() ? "See `devy-upload db status`." : error.hint();
    if (const auto at = hint.find(itself); at != hint.npos) hint.erase(at, itself.size());
    return hint;
  };
  // One thing that fails hides no other.
  const auto attempt = [&](const std::string& check, const auto& examine) {
    try {
      examine();
    } catch (const Error& error) {
      if (error.kind() == base::ErrorKind::stopped) throw;
      diagnoses.push_back({check, Health::problem, error.text(), hint_of(error)});
    }
  };
  attempt("private_cluster", [&] { examine_cluster(diagnoses); });
  const auto& config = context.loaded().config;
  std::optional<pg::Connection> connection;
  std::string origin;
  attempt("database", [&] {
    const auto conninfo = context.resolved_conninfo();
    origin = conninfo.origin;
    examine_transport(config.database, conninfo.text, diagnoses);
    connection = pg::Connection::open(conninfo.text, config.database, "doctor");
  });
  if (!connection) {
    if (!origin.empty()) diagnoses.back().hint += " The server is named by " + origin + ".";
    return;
  }
  bool has_schema = false;
  attempt("database", [&] { examine_server(context, *connection, origin, diagnoses); });
  attempt("schema", [&] { has_schema = examine_schema(*connection, diagnoses); });
  if (!has_schema) return;
  attempt("queue", [&] { examine_queue(*connection, diagnoses); });
  attempt("daemons", [&] { examine_daemons(context, *connection, diagnoses); });
  for (const auto& system : systems::table())
    if (system.diagnose != nullptr)
      attempt(std::string(system.name), [&] { system.diagnose(*connection, config, diagnoses); });
}

}  // namespace devy::cli
