#pragma once
// Asking before bulk or destructive acts (cli.md): with a person at the terminal a question with
// the count and examples, else --yes is needed.

#include <cstddef>
#include <string>
#include <vector>

#include "cli/context.hpp"

namespace devy::cli {

struct Act {
  std::string verb;  // "cancel"
  std::size_t count = 0;
  std::string noun;                   // "upload"; the plural adds an s
  std::vector<std::string> examples;  // the first few are shown
};

// "cancel 1 upload", "replay 12 uploads".
[[nodiscard]] std::string describe(const Act& act);

// Returns when it may be done. Throws CommandError with exit_needs_yes when there is nobody to ask
// or the answer is no, Error(stopped) when interrupted. --dry-run is the caller's business.
void confirm(Context& context, const Act& act);

}  // namespace devy::cli
