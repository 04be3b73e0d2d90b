#pragma once
// Shows long output of a verb through a pager when a person is at the terminal: DEVY_PAGER, else
// PAGER, else less. "cat" and --no-pager show it as it is. One thread.

#include <optional>
#include <string>

#include "cli/terminal/terminal.hpp"

namespace devy::cli {

// The lines of the terminal behind a descriptor; nothing where it does not say.
[[nodiscard]] std::optional<std::size_t> terminal_height(int descriptor);

// The pager's command, where `text` has more lines than the terminal; else nothing.
[[nodiscard]] std::optional<std::string> pager_for(const std::string& text,
                                                   std::optional<std::size_t> height,
                                                   const Environment& environment);

// Runs the pager until the person leaves it. Returns false when it cannot be run; nothing was shown
// then.
[[nodiscard]] bool show_through(const std::string& pager, const std::string& text);

}  // namespace devy::cli
