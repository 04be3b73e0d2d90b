#pragma once
// One run of the program: words in, exit status out. Every Error is caught here (architecture.md,
// "Errors") and becomes `error:` and `hint:` lines and an exit status.

#include <cstddef>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "cli/command_table.hpp"
#include "cli/terminal/terminal.hpp"
#include "core/platform/base/clock.hpp"

namespace devy::cli {

// Runs with the process's own streams, environment, clock and signals.
[[nodiscard]] int run_command_line(int argc, char** argv);

// Runs with those of a test. The terminal's colours are set from --color and its is_…_tty.
struct Run {
  Terminal terminal;
  Environment environment;
  const base::Clock& clock;
  std::stop_token stop;
  // The lines of the terminal, for the pager; nothing: no pager is used.
  std::optional<std::size_t> height = {};
};
[[nodiscard]] int run_command_line(const CommandTable& table, const std::vector<std::string>& words,
                                   Run run);

[[nodiscard]] std::string version_text();

}  // namespace devy::cli
