#pragma once
// Runs the git program, away from the configuration of whoever runs the tests and with fixed
// people, so that the same commits have the same ids everywhere. Any thread.

#include <string>
#include <string_view>
#include <vector>

namespace devy::testing {

struct GitRun {
  std::vector<std::string> arguments;         // after "git"
  std::string_view input = {};                // stdin
  std::vector<std::string> environment = {};  // NAME=value, besides the fixed ones
};
struct GitResult {
  int status = 0;  // exit status; 128 + signal
  std::string output;
  std::string complaints;  // stderr
};

[[nodiscard]] GitResult run_git(const GitRun& run);
// Its output without the last line end. Throws std::runtime_error with stderr when git fails.
std::string git(const std::vector<std::string>& arguments, std::string_view input = {});

}  // namespace devy::testing
