#pragma once
// Checks whether a given value fits its option or positional. Throws Error(usage) naming both.
// Pure.

#include <map>
#include <string>
#include <vector>

#include "cli/line/command.hpp"

namespace devy::cli {

// Splits the values of repeatable options at commas, then checks every value.
void check_options(const std::vector<Option>& options,
                   std::map<std::string, std::vector<std::string>>& given);
void check_positional(const Positional& positional, const std::vector<std::string>& values);

}  // namespace devy::cli
