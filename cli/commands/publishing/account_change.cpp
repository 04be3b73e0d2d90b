#include "cli/commands/queue/audited.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/confirm.hpp"
#include "cli/terminal/json_output.hpp"
#include "core/publishing/store/account_change_store.hpp"

// `account set` and `account remove`.

namespace devy::cli {
namespace {

std::string account_reason(const Arguments& arguments) {
  return arguments.text("reason").value_or("");
}

int set_account(Context& context, const Arguments& arguments) {
  const bool is_supporter = arguments.has("supporter");
  if (is_supporter == arguments.has("no-supporter"))
    throw base::Error(base::ErrorKind::usage, "unable to change the account: nothing to change",
                      "Give either --supporter or --no-supporter.");
  const auto account = publishing::find_account(context.database(), arguments.required("username"));
  const auto state = std::string(is_supporter ? "a supporter" : "no supporter");
  if (context.is_dry_run()) {
    context.would("make '" + account.username + "' " + state);
    return exit_ok;
  }
  audited(context.who(), context.database(),
          {is_supporter ? "account.supporter_on" : "account.supporter_off", account.username,
           account_reason(arguments)},
          [&] { publishing::set_supporter(context.database(), account, is_supporter); });
  if (context.is_json())
    print_json(context.out(), Json::object({{"username", account.username},
                                            {"is_supporter", is_supporter},
                                            {"is_changed", is_supporter != account.is_supporter}}));
  context.say("'" + account.username + "' is " + state);
  return exit_ok;
}

int remove_account(Context& context, const Arguments& arguments) {
  const auto account = publishing::find_account(context.database(), arguments.required("username"));
  const Act act{"remove", 1, "account", {account.username}};
  if (context.is_dry_run()) {
    context.would("" + describe(act) + ": " + account.username);
    return exit_ok;
  }
  confirm(context, act);
  audited(context.who(), context.database(),
          {"account.remove", account.username, account_reason(arguments)},
          [&] { publishing::remove_account(context.database(), account); });
  if (context.is_json())
    print_json(context.out(), Json::object({{"username", account.username}, {"removed", true}}));
  context.say("account '" + account.username + "' removed");
  return exit_ok;
}

}  // namespace

const Command& account_set_command() {
  static const Command command{
      .name = "account set",
      .summary = "make an account a supporter, or no more",
      .help = "A supporter may have more than one blog. Who has several cannot cease to be one.",
      .examples = {"devy-upload account set alice --supporter"},
      .positionals = {{.name = "username", .help = "whose", .kind = ValueKind::account}},
      .options = {{.name = "supporter", .help = "may have more than one blog"},
                  {.name = "no-supporter", .help = "has one blog"},
                  {.name = "reason", .value = "T", .help = "kept in the audit"}},
      .name_field = "username",
      .run = set_account};
  return command;
}

const Command& account_remove_command() {
  static const Command command{
      .name = "account remove",
      .summary = "remove an account that has no blogs and no files",
      .help = "Asks first; without a terminal it needs --yes. Its sessions in the browser end.",
      .examples = {"devy-upload account remove alice --reason 'asked for it'"},
      .positionals = {{.name = "username", .help = "whose", .kind = ValueKind::account}},
      .options = {{.name = "reason", .value = "T", .help = "kept in the audit"}},
      .name_field = "username",
      .run = remove_account};
  return command;
}

}  // namespace devy::cli
