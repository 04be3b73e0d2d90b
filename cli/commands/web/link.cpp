#include "cli/commands/web/site_address.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/json_output.hpp"
#include "core/platform/base/random.hpp"
#include "core/platform/web/audit_store.hpp"
#include "core/platform/web/login/session_token.hpp"
#include "core/platform/web/login_store.hpp"

// `web link`: an address that logs in without GitHub.

namespace devy::cli {
namespace {

std::string username_of(Context& context, const Arguments& arguments) {
  if (auto username = arguments.text("as")) return *std::move(username);
  auto username = web::usual_operator(context.database());
  if (username) return *std::move(username);
  throw base::Error(base::ErrorKind::usage, "unable to choose who is logged in",
                    "Name the account with --as; without it there has to be one operator "
                    "(`devy-upload account operator`), or one account alone.");
}

int link_web(Context& context, const Arguments& arguments) {
  const auto username = username_of(context, arguments);
  if (context.is_dry_run()) {
    context.would("print an address that logs in as '" + username + "'");
    return exit_ok;
  }
  const auto address = site_address(context.config());
  const auto token = login::new_token(base::system_random());
  const auto hash = login::token_hash(token.reveal()).value();
  auto& connection = context.database();
  pg::Transaction transaction(connection);
  const auto expires_at = web::make_link(connection, hash, username, context.who());
  web::record_act(connection, {.actor = context.who(), .act = "web.link", .target = username});
  transaction.commit();
  const auto url = address + std::string(login::link_path) + std::string(token.reveal());
  if (context.is_json())
    print_json(context.out(),
               Json::object({{"username", username}, {"url", url}, {"expires_at", expires_at}}));
  else context.out() << url << '\n';
  context.say("logs in as '" + username + "', once, within a minute");
  return exit_ok;
}

}  // namespace

const Command& web_link_command() {
  static const Command command{
      .name = "web link",
      .summary = "print an address that logs a browser in without GitHub",
      .help =
          "Whoever opens it is logged in: once, and within 60 seconds. Without --as it is the "
          "only operator, or where nobody is one the only account.",
      .examples = {"devy-upload web link", "devy-upload web link --as alice"},
      .options = {{.name = "as",
                   .value = "USER",
                   .help = "the account that it logs in",
                   .kind = ValueKind::account}},
      .run = link_web};
  return command;
}

}  // namespace devy::cli
