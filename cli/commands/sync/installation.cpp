#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/json_output.hpp"
#include "cli/terminal/table.hpp"
#include "core/platform/base/ascii.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/sync/store/connection_store.hpp"
#include "core/sync/store/task_document.hpp"

// `installation list` and `show`: where the GitHub App is installed.

namespace devy::cli {
namespace {

std::string words_of(const std::vector<std::string>& texts) {
  std::string all;
  for (const auto& text : texts)
    all += (all.empty() ? "" : ", ") + base::safe_text(text);
  return all.empty() ? "-" : all;
}

int list_known_installations(Context& context) {
  const auto installations = sync::list_installations(context.database(), std::nullopt);
  if (context.is_json()) {
    print_json(context.out(), json_array(installations, sync::installation_json));
    return exit_ok;
  }
  Table table({{"ID"},
               {"ACCOUNT"},
               {"STATE"},
               {.title = "MISSING", .is_elastic = true},
               {.title = "REPOSITORIES", .align = Align::right},
               {.title = "REQUESTS LEFT", .align = Align::right}});
  for (const auto& one : installations)
    table.add({std::to_string(one.id), one.login,
               Cell(one.state, one.state == "active" ? Color::green : Color::red),
               words_of(one.missing), std::to_string(one.repositories.size()),
               one.remaining ? std::to_string(*one.remaining) : "-"});
  if (table.empty()) context.say("the GitHub App is installed nowhere, as far as it was told");
  else table.print(context.terminal());
  return exit_ok;
}

int show_known_installation(Context& context, const Arguments& arguments) {
  const auto name = arguments.required("installation");
  for (const auto& one : sync::list_installations(context.database(), std::nullopt)) {
    if (std::to_string(one.id) != name && base::to_lower(one.login) != base::to_lower(name))
      continue;
    if (context.is_json()) {
      print_json(context.out(), sync::installation_json(one));
      return exit_ok;
    }
    auto& out = context.out();
    out << "installation  " << one.id << '\n'
        << "account       " << base::safe_text(one.login) << " (" << one.account_type << ")\n"
        << "state         " << one.state << '\n'
        << "missing       " << words_of(one.missing) << '\n'
        << "repositories  " << words_of(one.repositories) << '\n'
        << "left          " << (one.remaining ? std::to_string(*one.remaining) : "-")
        << " requests this hour\n";
    for (const auto& [permission, level] : one.permissions)
      out << "permission    " << base::safe_text(permission) << ' ' << base::safe_text(level)
          << '\n';
    return exit_ok;
  }
  throw base::Error(base::ErrorKind::not_found,
                    "unable to find the installation " + base::in_quotes(base::safe_text(name)) +
                        ": there is none",
                    "`devy-upload installation list` shows all.", "installation_unknown");
}

}  // namespace

const Command& installation_list_command() {
  static const Command command{
      .name = "installation list",
      .summary = "list where the GitHub App is installed",
      .examples = {"devy-upload installation list --json"},
      .run = [](Context& context, const Arguments&) { return list_known_installations(context); }};
  return command;
}

const Command& installation_show_command() {
  static const Command command{
      .name = "installation show",
      .summary = "show an installation: its permissions and repositories",
      .examples = {"devy-upload installation show alice"},
      .positionals = {{.name = "installation", .help = "its id, or the account's login"}},
      .run = show_known_installation};
  return command;
}

}  // namespace devy::cli
