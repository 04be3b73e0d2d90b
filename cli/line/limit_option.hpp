#pragma once
// The option --limit of verbs that list: alike in name, default and help. Pure.

#include <cstdint>
#include <string>
#include <utility>

#include "cli/line/command.hpp"

namespace devy::cli {

// Allows 1 to `most` rows; 50 where nobody says how many.
[[nodiscard]] inline Option limit_option(std::int64_t most, std::string help = "at most so many") {
  return {.name = "limit",
          .short_name = 'n',
          .value = "N",
          .help = std::move(help),
          .kind = ValueKind::number,
          .default_value = "50",
          .least = 1,
          .most = most};
}

}  // namespace devy::cli
