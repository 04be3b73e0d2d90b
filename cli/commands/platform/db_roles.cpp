#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/json_output.hpp"
#include "core/platform/schema/role_store.hpp"

// `db roles`.

namespace devy::cli {
namespace {

int run_db_roles(Context& context, const Arguments&) {
  auto& connection = context.database();
  if (context.is_dry_run()) {
    context.would("make or mend the roles of " + connection.server_description());
    return exit_ok;
  }
  schema::grant_roles(connection);
  if (context.is_json()) {
    print_json(
        context.out(),
        Json::object({{"roles", std::vector<std::string>{
                                    "devy_listener", "devy_worker", "devy_operator", "devy_metrics",
                                    "devy_mirror_reader", "devy_mirror_all", "devy_web"}}}));
  }
  context.say(
      "devy_listener, devy_worker, devy_operator, devy_metrics, devy_mirror_reader, "
      "devy_mirror_all and devy_web have what they need");
  return exit_ok;
}

}  // namespace

const Command& db_roles_command() {
  static const Command command{
      .name = "db roles",
      .summary = "make database roles with least rights",
      .help =
          "One for each kind of process: devy_listener, devy_worker, devy_operator, "
          "devy_metrics and devy_web; and for whoever queries the mirror: devy_mirror_reader sees "
          "what is public at GitHub, devy_mirror_all everything. They have no password yet. "
          "Nothing is lost when "
          "it runs again; db migrate does by itself.",
      .examples = {"devy-upload db roles"},
      .run = run_db_roles};
  return command;
}

}  // namespace devy::cli
