#pragma once
// What a daemon was started with, and what it works with: the command line, and the configuration
// with everything the environment adds. Read at start and again at each SIGHUP. One thread.

#include <optional>
#include <string>
#include <string_view>

#include "core/base/error.hpp"
#include "core/config/config.hpp"
#include "daemon/supervisor_link.hpp"

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
// Warnings are logged. Throws Error(config) with every problem logged, each with its place, and
// what pg::resolve_conninfo throws.
[[nodiscard]] Settings load_settings(const CommandLine& command_line);

// What a child of that role gets: its own conninfo and nobody else's.
[[nodiscard]] ChildSetup child_setup(const Settings& settings, std::string_view role);

}  // namespace devy::daemon
