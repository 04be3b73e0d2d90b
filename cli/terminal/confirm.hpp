#pragma once
// Asks for confirmation before bulk or destructive actions (cli.md): with a person at the terminal
// it asks a question with the count and examples; otherwise --yes is required.

#include <cstddef>
#include <string>
#include <vector>

#include "cli/context.hpp"
#include "core/platform/base/error.hpp"

namespace devy::cli {

struct Act {
  std::string verb;  // "cancel"
  std::size_t count = 0;
  std::string noun;                   // "upload"; the plural adds an s
  std::vector<std::string> examples;  // the first few are shown
  bool are_sums = false;              // each example stands for many: "13 ended uploads"
};

// Returns "cancel 1 upload", "replay 12 uploads".
[[nodiscard]] std::string describe(const Act& act);

// Returns when the action is confirmed. Throws CommandError with exit_needs_yes when nobody can be
// asked or the answer is no, Error(stopped) when interrupted. The caller handles --dry-run.
void confirm(Context& context, const Act& act);

// The error that --dry-run ends with where the command itself would end with `error`.
[[nodiscard]] base::Error would_be_refused(const base::Error& error);

}  // namespace devy::cli
