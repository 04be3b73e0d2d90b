#include "core/platform/config/environment.hpp"

#include <array>
#include <cstdlib>

#include "core/platform/config/setting.hpp"

namespace devy::config {
namespace {

struct Override {
  const char* variable;
  const char* key;
};
constexpr std::array<Override, 5> overrides{{
    {"DEVY_DB", "database.conninfo"},
    {"DEVY_LOG_LEVEL", "log.level"},
    {"DEVY_LOG_FORMAT", "log.format"},
    {"DEVY_TOKEN_FILE", "git.token_file"},
    {"DEVY_RUNTIME_DIRECTORY", "runtime_directory"},
}};

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
    places[key] = name;
    if (const auto fault = assign(*find_setting(key), loaded.config, Value{*text}))
      loaded.problems.push_back({name, *fault});
    else loaded.origins[key] = name;
  }
}

}  // namespace devy::config
