#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/json_output.hpp"
#include "cli/terminal/table.hpp"
#include "core/platform/base/unless_empty.hpp"
#include "core/platform/web/audit_store.hpp"
#include "core/platform/web/login_store.hpp"
#include "core/platform/web/session_store.hpp"

// `web session list` and `web session end`.

namespace devy::cli {
namespace {

using base::Error;
using base::ErrorKind;

constexpr int sessions_max = 1'000;
constexpr std::size_t short_id_digits = 8;

Json session_json(const web::ListedSession& session) {
  return Json::object({{"id", session.id},
                       {"username", session.username},
                       {"method", session.method},
                       {"created_at", session.created_at},
                       {"seen_at", session.seen_at},
                       {"expires_at", session.expires_at},
                       {"ends_at", session.ends_at},
                       {"address", base::unless_empty(session.address)},
                       {"agent", session.agent}});
}

int list_web_sessions(Context& context, const Arguments& arguments) {
  auto& connection = context.database();
  web::SessionFilter filter;
  filter.limit = sessions_max;
  if (const auto username = arguments.text("of"))
    filter.account = web::account_named(connection, *username);
  const auto sessions = web::list_sessions(connection, filter);
  if (context.is_json()) {
    print_json(context.out(), json_array(sessions, session_json));
    return exit_ok;
  }
  Table table({{"ID"},
               {"USERNAME"},
               {"SEEN"},
               {"BEGUN"},
               {"BY"},
               {"ADDRESS"},
               {.title = "BROWSER", .is_elastic = true}});
  for (const auto& session : sessions)
    table.add({session.id.text().substr(0, short_id_digits), session.username,
               context.time_text(session.seen_at), context.time_text(session.created_at),
               session.method, session.address.empty() ? "-" : session.address, session.agent});
  if (table.empty()) context.say("nobody is logged in");
  else table.print(context.terminal());
  return exit_ok;
}

int end_web_sessions(Context& context, const Arguments& arguments) {
  auto& connection = context.database();
  const auto name = arguments.text("id"), username = arguments.text("of");
  if (name.has_value() == username.has_value())
    throw Error(ErrorKind::usage, "unable to choose the sessions to end",
                "Give the id of one (`devy-upload web session list`), or all of an account by "
                "--of.");
  const auto target = username ? *username : web::find_session(connection, *name).id.text();
  if (context.is_dry_run()) {
    context.would("end " + (username ? "the sessions of '" + target + "'" : target));
    return exit_ok;
  }
  pg::Transaction transaction(connection);
  const int ended =
      username ? web::end_sessions(connection, web::account_named(connection, target), std::nullopt)
               : static_cast<int>(web::end_session(connection, web::SessionId::trusted(target)));
  web::record_act(connection, {.actor = context.who(),
                               .act = "web.session_end",
                               .target = target,
                               .count = ended,
                               .reason = arguments.text("reason")});
  transaction.commit();
  if (context.is_json()) print_json(context.out(), Json::object({{"ended", ended}}));
  context.say(std::to_string(ended) + (ended == 1 ? " session ended" : " sessions ended"));
  return exit_ok;
}

int run_session(Context& context, const Arguments& arguments) {
  if (arguments.required("act") == "end") return end_web_sessions(context, arguments);
  if (arguments.has("id") || arguments.has("reason"))
    throw Error(ErrorKind::usage, "unable to list one session",
                "`devy-upload web session list` shows all, or those of one account by --of.");
  return list_web_sessions(context, arguments);
}

}  // namespace

const Command& web_session_command() {
  static const Command command{
      .name = "web session",
      .summary = "list the sessions of browsers, or end them",
      .help =
          "A session that was ended is over with its next request, and its token of GitHub is "
          "forgotten.",
      .examples = {"devy-upload web session list --of alice",
                   "devy-upload web session end 1a2b3c4d --reason 'a lost laptop'"},
      .positionals = {{.name = "act", .help = "what to do", .choices = {"list", "end"}},
                      {.name = "id", .help = "of the session to end", .is_optional = true}},
      .options = {{.name = "of",
                   .value = "USER",
                   .help = "those of that account",
                   .kind = ValueKind::account},
                  {.name = "reason", .value = "T", .help = "kept in the audit"}},
      .run = run_session};
  return command;
}

}  // namespace devy::cli
