#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/json_output.hpp"
#include "core/platform/base/ascii.hpp"
#include "core/platform/web/audit_store.hpp"
#include "core/platform/web/login_store.hpp"

// `account operator`: who sees and does everything in the browser.

namespace devy::cli {
namespace {

int set_account_operator(Context& context, const Arguments& arguments) {
  const auto username = base::to_lower(arguments.required("username"));
  const bool is_operator = arguments.required("switch") == "on";
  if (context.is_dry_run()) {
    context.would("make '" + username + "' " + (is_operator ? "an operator" : "no operator"));
    return exit_ok;
  }
  auto& connection = context.database();
  pg::Transaction transaction(connection);
  const bool is_changed = web::set_operator(connection, username, is_operator);
  if (is_changed)
    web::record_act(connection,
                    {.actor = context.who(),
                     .act = is_operator ? "account.operator_on" : "account.operator_off",
                     .target = username,
                     .reason = arguments.text("reason")});
  transaction.commit();
  if (context.is_json())
    print_json(context.out(), Json::object({{"username", username},
                                            {"is_operator", is_operator},
                                            {"is_changed", is_changed}}));
  const auto state = std::string(is_operator ? "an operator" : "no operator");
  context.say("'" + username + (is_changed ? "' is " : "' was already ") + state +
              (is_changed ? " from now on" : ""));
  return exit_ok;
}

}  // namespace

const Command& account_operator_command() {
  static const Command command{
      .name = "account operator",
      .summary = "let an account see and do everything in the browser, or no more",
      .help =
          "It holds from the next request on. An operator sees all blogs, all operations, "
          "payloads and the audit.",
      .examples = {"devy-upload account operator alice on"},
      .positionals = {{.name = "username", .help = "whose", .kind = ValueKind::account},
                      {.name = "switch", .help = "whether", .choices = {"on", "off"}}},
      .options = {{.name = "reason", .value = "T", .help = "kept in the audit"}},
      .run = set_account_operator};
  return command;
}

}  // namespace devy::cli
