#include "cli/commands/queue/audited.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/json_output.hpp"
#include "cli/terminal/table.hpp"
#include "core/platform/token/claims.hpp"
#include "core/platform/token/token_store.hpp"

// `token deny`, `token allow`, `token list`: tokens of the API that are refused before they expire.

namespace devy::cli {
namespace {

int deny_token(Context& context, const Arguments& arguments) {
  token::DeniedToken token;
  token.id = arguments.required("jti");
  if (!token::is_token_id(token.id))
    throw base::Error(base::ErrorKind::usage, "unable to deny a token by that id",
                      "Give the token's jti claim, not the token: visible ASCII, at most 128 "
                      "characters.");
  token.denied_by = context.who();
  token.reason = arguments.text("reason");
  if (context.is_dry_run()) {
    context.would("deny " + token.id);
    return exit_ok;
  }
  const bool is_new = token::deny_token(context.database(), token);
  if (context.is_json())
    print_json(context.out(), Json::object({{"jti", token.id}, {"is_new", is_new}}));
  context.say(token.id + (is_new ? " is denied" : " was denied already"));
  return exit_ok;
}

int allow_denied_token(Context& context, const Arguments& arguments) {
  const auto id = arguments.required("jti");
  if (context.is_dry_run()) {
    context.would("allow " + id);
    return exit_ok;
  }
  const bool was_denied = audited(context.who(), context.database(),
                                  {"token.allow", id, arguments.text("reason").value_or("")},
                                  [&] { return token::allow_token(context.database(), id); });
  if (!was_denied)
    throw base::Error(base::ErrorKind::not_found,
                      "unable to allow token '" + id + "': it is not denied",
                      "See `devy-upload token list`.");
  if (context.is_json())
    print_json(context.out(), Json::object({{"jti", id}, {"is_denied", false}}));
  context.say(id + " is allowed again");
  return exit_ok;
}

Json token_json(const token::DeniedToken& token) {
  return Json::object({{"jti", token.id},
                       {"denied_at", token.denied_at},
                       {"denied_by", token.denied_by},
                       {"reason", token.reason}});
}

int list_token(Context& context, const Arguments&) {
  const auto tokens = token::list_denied_tokens(context.database());
  if (context.is_json()) {
    print_json(context.out(), json_array(tokens, token_json));
    return exit_ok;
  }
  Table table({{.title = "JTI", .is_elastic = true},
               {"DENIED"},
               {.title = "BY", .is_elastic = true},
               {.title = "REASON", .is_elastic = true}});
  for (const auto& token : tokens)
    table.add({token.id, context.time_text(token.denied_at), token.denied_by,
               token.reason.value_or("-")});
  if (table.empty()) context.say("no token is denied");
  else table.print(context.terminal());
  return exit_ok;
}

}  // namespace

const Command& token_deny_command() {
  static const Command command{
      .name = "token deny",
      .summary = "refuse a token of the API from now on",
      .help =
          "By its jti claim, at every daemon of this database at once. It is forgotten after two "
          "days: no token lives longer. A token without a jti ends when its key is taken out of "
          "the configuration.",
      .examples = {"devy-upload token deny 5f2c9c1e --reason 'leaked in a log'"},
      .positionals = {{.name = "jti", .help = "what the token calls itself"}},
      .options = {{.name = "reason", .value = "T", .help = "kept with it"}},
      .name_field = "jti",
      .run = deny_token};
  return command;
}

const Command& token_allow_command() {
  static const Command command{
      .name = "token allow",
      .summary = "accept a token of the API again that was denied",
      .help = "It is accepted until it expires. Whether it is valid otherwise is not looked at.",
      .examples = {"devy-upload token allow 5f2c9c1e"},
      .positionals = {{.name = "jti", .help = "as `token list` shows it"}},
      .options = {{.name = "reason", .value = "T", .help = "kept in the audit"}},
      .name_field = "jti",
      .run = allow_denied_token};
  return command;
}

const Command& token_list_command() {
  static const Command command{.name = "token list",
                               .summary = "list the tokens that are denied, the latest first",
                               .examples = {"devy-upload token list"},
                               .name_field = "jti",
                               .run = list_token};
  return command;
}

}  // namespace devy::cli
