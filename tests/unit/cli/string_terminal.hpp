#pragma once
// A terminal of strings, and an environment of a map, for tests of the command line.

#include <map>
#include <sstream>
#include <string>

#include "cli/terminal/terminal.hpp"

namespace devy::testing {

class StringTerminal {
 public:
  [[nodiscard]] cli::Terminal terminal(bool is_tty = false) {
    return {.out = out,
            .err = err,
            .read_line = [this](std::stop_token) { return answer; },
            .is_in_tty = is_tty,
            .is_out_tty = is_tty,
            .is_err_tty = is_tty};
  }
  [[nodiscard]] cli::Environment environment() {
    return [this](const char* name) -> std::optional<std::string> {
      const auto found = variables.find(name);
      if (found == variables.end()) return std::nullopt;
      return found->second;
    };
  }

  std::ostringstream out, err;
  std::optional<std::string> answer;  // what the person types
  std::map<std::string, std::string> variables;
};

}  // namespace devy::testing
