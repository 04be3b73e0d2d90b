#include "core/platform/config/load.hpp"

#include <algorithm>

#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/json_output.hpp"
#include "cli/terminal/table.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/base/secret.hpp"

// `config show` and `config check`.

namespace devy::cli {
namespace {

std::string origin_of(const config::Loaded& loaded, const std::string& key) {
  const auto& origin = loaded.origins.at(key);
  return origin == "file" ? loaded.file.value_or(origin) : origin;
}

// A connection string may hold a password.
std::string shown(const std::string& key, const std::string& value) {
  if (key != "database.conninfo") return value;
  auto text = base::redact(value);
  const auto password = text.find("password=");
  if (password == std::string::npos) return text;
  const auto end = text.find_first_of(" &\"", password);
  return text.replace(password, end - password, "password=…");
}

int show_config(Context& context, const Arguments& arguments) {
  context.config();
  const auto& loaded = context.loaded();
  const auto values = config::describe(loaded.config);
  if (context.is_json()) {
    const auto item = [&](const auto& pair) {
      return Json::object({{"key", pair.first},
                           {"value", Json::stored(shown(pair.first, pair.second))},
                           {"origin", origin_of(loaded, pair.first)}});
    };
    print_json(context.out(), json_array(values, item));
    return exit_ok;
  }
  if (!arguments.has("origin")) {
    for (const auto& [key, value] : values)
      context.out() << key << " = " << base::safe_text(shown(key, value), 4'096) << '\n';
    return exit_ok;
  }
  Table table({{"KEY"}, {.title = "VALUE", .is_elastic = true}, {"ORIGIN"}});
  for (const auto& [key, value] : values)
    table.add({key, shown(key, value), origin_of(loaded, key)});
  table.print(context.terminal());
  return exit_ok;
}

int check_config(Context& context, const Arguments&) {
  const auto& loaded = context.loaded();
  const auto& problems = loaded.problems;
  const bool is_broken = std::any_of(problems.begin(), problems.end(),
                                     [](const auto& problem) { return !problem.is_warning; });
  const int status = is_broken ? exit_problems_found : exit_ok;
  if (context.is_json()) {
    const auto item = [](const config::Problem& problem) {
      return Json::object({{"where", problem.where},
                           {"message", problem.message},
                           {"is_warning", problem.is_warning}});
    };
    print_json(context.out(), Json::object({{"file", loaded.file},
                                            {"ok", !is_broken},
                                            {"problems", json_array(problems, item)}}));
    return status;
  }
  for (const auto& problem : problems)
    context.out() << base::safe_text(problem.where) << ": "
                  << (problem.is_warning ? "warning: " : "")
                  << base::safe_text(problem.message, 2'048) << '\n';
  if (problems.empty())
    context.say("configuration ok: " + loaded.file.value_or("no file, defaults"));
  return status;
}

}  // namespace

const Command& config_show_command() {
  static const Command command{
      .name = "config show",
      .summary = "print every setting with its value",
      .options = {{.name = "origin", .help = "where each value comes from, too"}},
      .run = show_config};
  return command;
}

const Command& config_check_command() {
  static const Command command{
      .name = "config check",
      .summary = "look at the configuration and say all that is wrong with it",
      .help = "Ends with 10 when it cannot be used; warnings alone are no reason.",
      .examples = {"devy-upload config check -c devy-upload.toml"},
      .run = check_config};
  return command;
}

}  // namespace devy::cli
