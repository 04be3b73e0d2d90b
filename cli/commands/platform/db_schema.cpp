#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/confirm.hpp"
#include "cli/terminal/json_output.hpp"
#include "core/platform/schema/schema_store.hpp"

// `db init` and `db migrate`.

namespace devy::cli {
namespace {

Json schema_json(bool is_new, int steps) {
  return Json::object(
      {{"schema_version", schema::schema_version}, {"is_new", is_new}, {"steps", steps}});
}

int init_schema(Context& context, const Arguments&) {
  auto connection = context.open(SchemaCheck::none);
  if (context.is_dry_run()) {
    context.would(schema::applied_version(connection)
                      ? "do nothing: there is a schema already"
                      : "make the schema in " + connection.server_description());
    return exit_ok;
  }
  const bool is_new = schema::init_schema(connection);
  if (context.is_json()) print_json(context.out(), schema_json(is_new, 0));
  context.say(is_new ? "schema version " + std::to_string(schema::schema_version) + " made in " +
                           connection.server_description()
                     : "nothing to do: the schema is there");
  return exit_ok;
}

int migrate_schema(Context& context, const Arguments&) {
  auto connection = pg::Connection::open(context.conninfo(),
                                         schema::for_migration(context.config().database), "cli");
  const auto state = schema::schema_state(connection);
  const auto version = schema::applied_version(connection);
  const bool is_behind = state == schema::SchemaState::older || state == schema::SchemaState::stale;
  const auto plan = state == schema::SchemaState::stale
                        ? std::string("bring the schema's functions up to date")
                        : "migrate the schema from version " + std::to_string(version.value_or(0)) +
                              " to " + std::to_string(schema::schema_version);
  if (context.is_dry_run()) {
    context.would(is_behind ? plan : "do nothing");
    return exit_ok;
  }
  if (is_behind)
    confirm(context, {"migrate", 1, "database", {connection.server_description() + ": " + plan}});
  const auto migration = schema::migrate_schema(connection);
  if (context.is_json()) print_json(context.out(), schema_json(false, migration.steps));
  const auto reached = "schema version " + std::to_string(schema::schema_version);
  context.say(migration.steps > 0 ? reached + " reached, steps: " + std::to_string(migration.steps)
              : migration.is_definitions_new ? reached + ", with the functions of this program"
                                             : "nothing to do: " + reached);
  return exit_ok;
}

}  // namespace

const Command& db_init_command() {
  static const Command command{
      .name = "db init",
      .summary = "make the schema in an empty database",
      .help =
          "The schema is named devy; what else the database holds is left alone. Does nothing "
          "when the schema is there.",
      .examples = {"devy-upload --db 'host=db1 dbname=devy' db init"},
      .run = init_schema};
  return command;
}

const Command& db_migrate_command() {
  static const Command command{
      .name = "db migrate",
      .summary = "bring an older schema to this program's version",
      .help =
          "In one transaction, and once however many run it. What workers run is given back and "
          "counts as no attempt; programs of the older version begin nothing any more, and a "
          "daemon of it ends with exit status 78. Readers of posts wait for nothing. Rights of "
          "the roles that db roles made are granted again. Asks first; without a terminal it "
          "needs --yes.",
      .run = migrate_schema};
  return command;
}

}  // namespace devy::cli
