#include "core/platform/config/load.hpp"

#include <algorithm>

#include "cli/commands/platform/doctor.hpp"
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

// Behind "password=": a word, or a text in quotes with \' in it.
std::size_t end_of_password(const std::string& text, std::size_t begin) {
  if (begin >= text.size() || text[begin] != '\'')
    return std::min(text.find_first_of(" &\"", begin), text.size());
  for (auto at = begin + 1; at < text.size(); ++at) {
    if (text[at] == '\\') ++at;
    else if (text[at] == '\'') return at + 1;
  }
  return text.size();
}

// A connection string may hold a password.
std::string shown(const std::string& key, const std::string& value) {
  constexpr std::string_view password = "password=";
  if (!key.ends_with("conninfo")) return value;
  auto text = base::redact(value);
  const auto found = text.find(password);
  if (found == std::string::npos) return text;
  const auto begin = found + password.size();
  return text.replace(begin, end_of_password(text, begin) - begin, "…");
}

struct Shown {
  std::string key, value, origin;
  bool is_text = false;  // else the value is in TOML's notation
};

// A database may be decided by --db, a variable of libpq's or the private cluster, which stand in
// no file.
void show_database(Context& context, Shown& setting) {
  try {
    const auto conninfo = context.resolved_conninfo();
    setting.value = shown(setting.key, pg::complete_conninfo(conninfo.text));
    setting.origin = conninfo.origin;
    setting.is_text = true;
  } catch (const base::Error&) {
    setting.origin = "none: see `devy-upload db status`";
  }
}

std::vector<Shown> shown_settings(Context& context) {
  const auto& loaded = context.loaded();
  std::vector<Shown> settings;
  for (const auto& [key, value] : config::describe(loaded.config)) {
    settings.push_back({key, shown(key, value), origin_of(loaded, key), false});
    if (key == "database.conninfo") show_database(context, settings.back());
  }
  return settings;
}

int show_config(Context& context, const Arguments& arguments) {
  context.config();
  const auto settings = shown_settings(context);
  if (context.is_json()) {
    const auto item = [](const Shown& setting) {
      return Json::object(
          {{"key", setting.key},
           {"value", setting.is_text ? Json(setting.value) : Json::stored(setting.value)},
           {"origin", setting.origin}});
    };
    print_json(context.out(), json_array(settings, item));
    return exit_ok;
  }
  if (!arguments.has("origin")) {
    for (const auto& setting : settings)
      context.out() << setting.key << " = " << base::safe_text(setting.value, 4'096) << '\n';
    return exit_ok;
  }
  Table table({{"KEY"}, {.title = "VALUE", .is_elastic = true}, {"ORIGIN"}});
  for (const auto& setting : settings)
    table.add({setting.key, setting.value, setting.origin});
  table.print(context.terminal());
  return exit_ok;
}

int check_config(Context& context, const Arguments&) {
  const auto problems = all_problems(context);
  const auto& loaded = context.loaded();
  const bool is_broken = std::any_of(problems.begin(), problems.end(),
                                     [](const auto& problem) { return !problem.is_warning; });
  const int status = is_broken ? exit_problems_found : exit_ok;
  if (context.is_json()) {
    const auto item = [](const config::Problem& problem) {
      return Json::object({{"where", problem.where},
                           {"message", problem.message},
                           {"hint", problem.hint.empty() ? Json() : Json(problem.hint)},
                           {"is_warning", problem.is_warning}});
    };
    print_json(context.out(), Json::object({{"file", loaded.file},
                                            {"ok", !is_broken},
                                            {"problems", json_array(problems, item)}}));
    return status;
  }
  for (const auto& problem : problems) {
    context.out() << base::safe_text(problem.where) << ": "
                  << (problem.is_warning ? "warning: " : "")
                  << base::safe_text(problem.message, 2'048) << '\n';
    if (!problem.hint.empty())
      context.out() << "  hint: " << base::safe_text(problem.hint, 2'048) << '\n';
  }
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
      .help =
          "Looks at the settings and at what they name on this machine: addresses, files, "
          "secrets, connection strings. `doctor` asks the database and GitHub, too. Ends with 10 "
          "when it cannot be used; warnings alone are no reason.",
      .examples = {"devy-upload config check -c devy-upload.toml"},
      .run = check_config};
  return command;
}

}  // namespace devy::cli
