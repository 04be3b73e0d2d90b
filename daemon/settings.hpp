#pragma once
// A daemon's settings: the command line, and the configuration including everything taken from the
// environment. Read at the start and again at each SIGHUP. One thread.

#include <optional>
#include <string>
#include <string_view>

#include "core/platform/base/error.hpp"
#include "core/platform/config/config.hpp"
#include "daemon/supervisor/supervisor_link.hpp"

namespace devy::daemon {

struct CommandLine {
  std::optional<std::string> config_file, database;
  bool wants_help = false, wants_version = false;
};
// Throws Error(usage).
[[nodiscard]] CommandLine read_command_line(int argc, const char* const* argv);
[[nodiscard]] std::string_view usage();

struct Settings {
  config::Config config;
  std::string conninfo;  // complete: children have no environment
};
// Logs warnings. Throws Error(config) after logging every problem with its place, and what
// pg::resolve_conninfo throws.
[[nodiscard]] Settings load_settings(const CommandLine& command_line);

// The setup that a child of that role gets: its own conninfo and no other role's.
[[nodiscard]] ChildSetup child_setup(const Settings& settings, std::string_view role);

}  // namespace devy::daemon
