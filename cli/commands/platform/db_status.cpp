#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/json_output.hpp"
#include "core/platform/cluster/private_cluster.hpp"
#include "core/platform/schema/schema_store.hpp"
#include "core/platform/schema/server_store.hpp"

// `db status`: which database is used, and what is in it.

namespace devy::cli {
namespace {

struct Status {
  std::string server;  // "host:port/database"
  schema::ServerFacts facts;
  std::optional<int> schema_version;
  schema::SchemaState schema = schema::SchemaState::missing;
};

// Says what the version alone does not tell.
const char* difference(schema::SchemaState schema) {
  if (schema == schema::SchemaState::stale) return "; its functions differ";
  if (schema == schema::SchemaState::foreign) return "; its tables differ";
  return "";
}

Json cluster_json() {
  const auto paths = cluster::default_cluster_paths();
  const auto cluster = cluster::cluster_status(paths);
  return Json::object({{"data_directory", paths.data_directory},
                       {"is_initialised", cluster.is_initialised},
                       {"is_running", cluster.is_running},
                       {"pid", cluster.pid == 0 ? Json() : Json(cluster.pid)}});
}

void print_status(Context& context, const Status& status) {
  const auto cluster = cluster::cluster_status(cluster::default_cluster_paths());
  auto& out = context.out();
  out << "server           " << status.server << "\nversion          " << status.facts.version
      << (status.facts.is_standby ? " (a standby)" : "") << "\nschema           "
      << (status.schema_version ? std::to_string(*status.schema_version) : "none") << " (needs "
      << schema::schema_version << difference(status.schema) << ")\nprivate cluster  "
      << (cluster.is_running       ? "runs, process " + std::to_string(cluster.pid)
          : cluster.is_initialised ? "stopped"
                                   : "none")
      << '\n';
}

int run_db_status(Context& context, const Arguments&) {
  auto connection = context.open(SchemaCheck::none);
  const Status status{connection.server_description(), schema::server_facts(connection),
                      schema::applied_version(connection), schema::schema_state(connection)};
  if (context.is_json())
    print_json(context.out(), Json::object({{"server", status.server},
                                            {"server_version", status.facts.version},
                                            {"encoding", status.facts.encoding},
                                            {"is_standby", status.facts.is_standby},
                                            {"schema_version", status.schema_version},
                                            {"schema_version_needed", schema::schema_version},
                                            {"schema_state", schema::to_string(status.schema)},
                                            {"private_cluster", cluster_json()}}));
  else print_status(context, status);
  // Says what to do about it: `db init`, `db migrate`, or another program.
  if (status.schema_version) schema::require_schema(connection);
  else context.say("hint: make the schema with `devy-upload db init`");
  return exit_ok;
}

}  // namespace

const Command& db_status_command() {
  static const Command command{.name = "db status",
                               .summary = "show which database is used, its version and its schema",
                               .run = run_db_status};
  return command;
}

}  // namespace devy::cli
