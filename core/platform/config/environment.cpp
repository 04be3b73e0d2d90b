#include "core/platform/config/environment.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "core/platform/base/ascii.hpp"
#include "core/platform/config/setting.hpp"

namespace devy::config {
namespace {

struct Override {
  const char* variable;
  const char* key;
};
constexpr std::array<Override, 6> overrides{{
    {"DEVY_DB", "database.conninfo"},
    {"PIPEDRIVE_ORG", "crm.company"},
    {"DEVY_LOG_LEVEL", "log.level"},
    {"DEVY_LOG_FORMAT", "log.format"},
    {"DEVY_TOKEN_FILE", "git.token_file"},
    {"DEVY_RUNTIME_DIRECTORY", "runtime_directory"},
}};

// The service that gists take the place of had its database in this variable; it counts where no
// other one is named.
constexpr const char* earlier_database = "POSTGRES_CONNECTION_STRING";

// Each setting of files has a variable, as the service had that it takes the place of: that of
// files.file_bytes_max is DEVY_FILES_FILE_BYTES_MAX.
constexpr std::string_view files_section = "files.";

std::string files_variable(std::string_view key) {
  std::string name = "DEVY_FILES_";
  for (const char byte : key.substr(files_section.size()))
    name += byte == '.' ? '_' : base::to_upper(byte);
  return name;
}

bool is_whole_number(std::string_view text) {
  constexpr std::size_t digits_max = 18;
  return !text.empty() && text.size() <= digits_max &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

// The text of a variable as the value that would stand in the file; a list has commas.
Value value_of(const Setting& setting, const std::string& text) {
  if (std::holds_alternative<Truth>(setting.slot) && (text == "true" || text == "false"))
    return text == "true";
  const bool is_counted =
      std::holds_alternative<Count>(setting.slot) || std::holds_alternative<Size>(setting.slot);
  if (is_counted && is_whole_number(text)) return static_cast<std::int64_t>(std::stoll(text));
  if (!std::holds_alternative<TextList>(setting.slot)) return text;
  std::vector<std::string> items;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(',', begin), text.size());
    items.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return items;
}

void apply(const Setting& setting, const std::string& name, const Value& value, Loaded& loaded,
           Places& places) {
  const std::string key(setting.key);
  places[key] = name;
  if (const auto fault = assign(setting, loaded.config, value))
    loaded.problems.push_back({name, *fault});
  else loaded.origins[key] = name;
}

}  // namespace

std::optional<std::string> variable(const char* name) {
  const char* text = std::getenv(name);
  if (text == nullptr || *text == '\0') return std::nullopt;
  return text;
}

void apply_environment(Loaded& loaded, Places& places) {
  for (const auto& [name, key] : overrides) {
    const auto text = variable(name);
    if (!text) continue;
    apply(*find_setting(key), name, Value{*text}, loaded, places);
  }
  if (const auto text = variable(earlier_database); text && loaded.config.database.conninfo.empty())
    apply(*find_setting("database.conninfo"), earlier_database, Value{*text}, loaded, places);
  for (const auto& setting : settings()) {
    if (!setting.key.starts_with(files_section)) continue;
    const auto name = files_variable(setting.key);
    if (const auto text = variable(name.c_str()))
      apply(setting, name, value_of(setting, *text), loaded, places);
  }
}

}  // namespace devy::config
