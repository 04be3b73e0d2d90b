#include "cli/commands/gists/tracked.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/json_output.hpp"
#include "cli/terminal/table.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/platform/web/audit_store.hpp"

// `gist user add`, `list`, `show` and `remove`: whose gists are scanned.

namespace devy::cli {

using base::Error;
using base::ErrorKind;

void require_gists(Context& context) {
  if (context.config().gists.enabled) return;
  throw Error(ErrorKind::config, "unable to use gists: they are switched off",
              "Set gists.enabled to true in the configuration of this program and of the daemon.",
              "gists_off");
}

gists::User tracked_user(Context& context, const std::string& login) {
  if (auto user = gists::find_user(context.database(), login)) return *std::move(user);
  throw Error(ErrorKind::not_found, base::in_quotes(login) + " is not tracked",
              "`devy-upload gist user list` shows who is.", "not_tracked");
}

namespace {

Color user_color(const gists::User& user) {
  if (user.failures > 0 || user.state == "missing") return Color::red;
  if (user.state == "active") return Color::green;
  return user.state == "off" ? Color::dim : Color::blue;
}

std::optional<base::TimePoint> since_of(const Arguments& arguments) {
  const auto text = arguments.text("since");
  if (!text) return std::nullopt;
  if (const auto day = base::parse_day(*text)) return base::TimePoint(*day);
  if (const auto time = base::parse_rfc3339(*text)) return time;
  throw Error(ErrorKind::usage, "unable to read the date " + base::in_quotes(*text),
              "Write 2026-01-31, or a time as 2026-01-31T12:00:00Z.");
}

[[noreturn]] void throw_not_added(const std::string& login, gists::Added result) {
  const auto unable = "unable to track " + base::in_quotes(login) + ": ";
  if (result == gists::Added::login_tracked)
    throw Error(ErrorKind::conflict, unable + "he is tracked under another id",
                "`devy-upload gist user show " + login + "` has it.", "login_tracked");
  if (result == gists::Added::id_taken)
    throw Error(ErrorKind::conflict, unable + "another user has that id", "Give another --id.",
                "id_taken");
  throw Error(ErrorKind::conflict, unable + "gists.users_max are tracked already",
              "Raise gists.users_max, or remove somebody.", "too_many_users");
}

int show_user(Context& context, const gists::User& user) {
  if (context.is_json()) {
    print_json(context.out(), gists::user_json(user));
    return exit_ok;
  }
  auto& out = context.out();
  out << "user       " << user.login << '\n'
      << "id         " << user.external_id << '\n'
      << "github id  " << (user.github_id ? std::to_string(*user.github_id) : "-") << '\n'
      << "state      " << user.state << '\n'
      << "gists      " << user.gists << " with " << user.files << " files\n"
      << "scanned    " << context.time_text(user.scanned_at) << '\n'
      << "next scan  " << context.time_text(user.scan_at) << '\n';
  if (user.failures > 0)
    out << "failures   " << user.failures << ", the last: " << base::safe_text(user.error) << '\n';
  return exit_ok;
}

int add_gist_user(Context& context, const Arguments& arguments, const std::string& login) {
  require_gists(context);
  gists::NewUser user{login, arguments.text("id"), since_of(arguments), context.who()};
  if (!gists::is_login(login))
    throw Error(ErrorKind::usage, base::in_quotes(login) + " is no login of GitHub",
                "A login has 1 to 39 letters, digits, '-' and '_'.", "invalid_login");
  if (user.external_id && !gists::is_external_id(*user.external_id))
    throw Error(ErrorKind::usage, base::in_quotes(*user.external_id) + " is no id",
                "An id has 1 to 64 letters, digits, '-' and '_'.", "invalid_id");
  if (context.is_dry_run()) {
    context.would("track " + login);
    return exit_ok;
  }
  auto& connection = context.database();
  const auto added = gists::add_user(connection, user, context.config().gists.users_max);
  if (added.result != gists::Added::added && added.result != gists::Added::known)
    throw_not_added(login, added.result);
  web::record_act(connection, {.actor = context.who(), .act = "gist.track", .target = login});
  if (context.is_json()) return show_user(context, tracked_user(context, login));
  context.say(login + (added.result == gists::Added::added
                           ? " is tracked; `devy-upload gist scan " + login + " --here` scans now"
                           : " is tracked already"));
  return exit_ok;
}

int remove_gist_user(Context& context, const Arguments& arguments, const std::string& login) {
  const auto user = tracked_user(context, login);
  const bool is_forgotten = arguments.has("forget");
  if (context.is_dry_run()) {
    context.would("track " + user.login + " no more" +
                  (is_forgotten ? ", and delete what was found" : "; what was found stays"));
    return exit_ok;
  }
  if (is_forgotten && !context.options().is_yes)
    throw CommandError(exit_needs_yes, ErrorKind::usage,
                       "forgetting " + user.login + " deletes " + std::to_string(user.gists) +
                           " gists, their visits and what the CRM was told of them here",
                       "Add --yes if that is meant; without --forget it all stays.");
  auto& connection = context.database();
  if (!gists::remove_user(connection, user.login, is_forgotten))
    throw Error(ErrorKind::not_found, user.login + " is tracked no more already",
                "--forget deletes what was found.", "not_tracked");
  web::record_act(connection, {.actor = context.who(), .act = "gist.untrack", .target = login});
  if (context.is_json())
    print_json(context.out(),
               Json::object({{"login", user.login}, {"is_forgotten", is_forgotten}}));
  else
    context.say(user.login + " is tracked no more" +
                (is_forgotten ? ", and what was found is deleted" : "; what was found stays"));
  return exit_ok;
}

int list_gist_users(Context& context) {
  const auto users = gists::list_users(context.database());
  if (context.is_json()) {
    print_json(context.out(), json_array(users, gists::user_json));
    return exit_ok;
  }
  Table table({{.title = "LOGIN", .is_elastic = true},
               {"ID"},
               {"STATE"},
               {.title = "GISTS", .align = Align::right},
               {.title = "FILES", .align = Align::right},
               {"SCANNED"},
               {"NEXT"}});
  for (const auto& user : users)
    table.add({user.login, user.external_id, Cell(user.state, user_color(user)),
               std::to_string(user.gists), std::to_string(user.files),
               context.time_text(user.scanned_at), context.time_text(user.scan_at)});
  if (table.empty()) context.say("nobody is tracked; `devy-upload gist user add <login>` begins");
  else table.print(context.terminal());
  return exit_ok;
}

int run_gist_user(Context& context, const Arguments& arguments) {
  const auto act = arguments.required("act");
  if (act == "list") return list_gist_users(context);
  if (!arguments.has("login"))
    throw Error(ErrorKind::usage, "unable to " + act + " a user: the login is missing",
                "Say `gist user " + act + " LOGIN`.");
  const auto login = arguments.required("login");
  if (act == "add") return add_gist_user(context, arguments, login);
  if (act == "remove") return remove_gist_user(context, arguments, login);
  return show_user(context, tracked_user(context, login));
}

}  // namespace

const Command& gist_user_command() {
  static const Command command{
      .name = "gist user",
      .summary = "track users of GitHub, and see whom",
      .help =
          "The public gists of tracked users are scanned: at once, and then by each routine. "
          "What was found of a user who is removed stays, unless --forget deletes it.",
      .examples = {"devy-upload gist user add alice --id 42", "devy-upload gist user list --json",
                   "devy-upload gist user remove alice --forget --yes"},
      .positionals = {{.name = "act",
                       .help = "what to do",
                       .choices = {"add", "list", "show", "remove"}},
                      {.name = "login", .help = "of the user at GitHub", .is_optional = true}},
      .options = {{.name = "id",
                   .value = "ID",
                   .help = "add: your id of the user; the login unless given"},
                  {.name = "since",
                   .value = "DATE",
                   .help = "add: only gists that were updated since then"},
                  {.name = "forget", .help = "remove: delete what was found, too"}},
      .name_field = "login",
      .run = run_gist_user};
  return command;
}

}  // namespace devy::cli
