#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/json_output.hpp"
#include "core/platform/cluster/private_cluster.hpp"
#include "core/platform/schema/schema_store.hpp"

// `db start` and `db stop`: a private PostgreSQL of this user.

namespace devy::cli {
namespace {

// Reports where the cluster is and what it holds after a start.
Json started_json(const cluster::ClusterPaths& paths, const cluster::ClusterStatus& status,
                  bool is_new) {
  return Json::object({{"conninfo", status.conninfo},
                       {"data_directory", paths.data_directory},
                       {"socket_directory", paths.socket_directory},
                       {"log_file", paths.log_file},
                       {"pid", status.pid},
                       {"server_version", status.version},
                       {"schema_version", schema::schema_version},
                       {"is_new", is_new}});
}

int start_cluster(Context& context, const Arguments&) {
  const auto paths = cluster::default_cluster_paths();
  const auto before = cluster::cluster_status(paths);
  if (context.is_dry_run()) {
    context.would(before.is_running ? "do nothing: it runs already, in " + paths.data_directory
                                    : "start PostgreSQL in " + paths.data_directory);
    return exit_ok;
  }
  if (!before.is_initialised) context.say("making a database cluster in " + paths.data_directory);
  const auto conninfo = cluster::start_cluster(paths);
  auto connection = pg::Connection::open(conninfo, context.config().database, "cli");
  // An older schema is an operator's decision: `db migrate`.
  const bool is_new = !schema::applied_version(connection) && schema::init_schema(connection);
  if (context.is_json())
    print_json(context.out(), started_json(paths, cluster::cluster_status(paths), is_new));
  else context.out() << conninfo << '\n';
  context.say(std::string("PostgreSQL ") + (before.is_running ? "runs already" : "runs") +
              (is_new ? ", its database is new and ready to use" : ""));
  schema::require_schema(connection);
  return exit_ok;
}

int stop_cluster(Context& context, const Arguments&) {
  const auto paths = cluster::default_cluster_paths();
  if (context.is_dry_run()) {
    context.would(cluster::cluster_status(paths).is_running
                      ? "stop PostgreSQL in " + paths.data_directory
                      : "do nothing: it does not run");
    return exit_ok;
  }
  const bool was_running = cluster::stop_cluster(paths);
  if (context.is_json())
    print_json(context.out(), Json::object({{"data_directory", paths.data_directory},
                                            {"was_running", was_running}}));
  context.say(was_running ? "PostgreSQL stopped" : "it did not run");
  return exit_ok;
}

}  // namespace

const Command& db_start_command() {
  static const Command command{
      .name = "db start",
      .summary = "start a private PostgreSQL, made ready to use",
      .help =
          "Uses the installed PostgreSQL programs, one Unix socket and no TCP. Other commands "
          "find it by themselves as long as nothing else names a database. Where root starts "
          "it, it runs as an unprivileged user. Prints how to connect to it.",
      .run = start_cluster};
  return command;
}

const Command& db_stop_command() {
  static const Command command{.name = "db stop",
                               .summary = "stop the private PostgreSQL; its data stays",
                               .run = stop_cluster};
  return command;
}

}  // namespace devy::cli
