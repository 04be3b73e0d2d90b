#pragma once
// Is a given value what its option or positional says? Throws Error(usage) naming both. Pure.

#include <map>
#include <string>
#include <vector>

#include "cli/command.hpp"

namespace devy::cli {

// Splits what repeatable options were given at commas, then checks every value.
void check_options(const std::vector<Option>& options,
                   std::map<std::string, std::vector<std::string>>& given);
void check_positional(const Positional& positional, const std::vector<std::string>& values);

}  // namespace devy::cli
