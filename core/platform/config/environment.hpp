#pragma once
// Applies DEVY_* variables over the values from the file (the caller handles libpq's own). Private
// to this folder. Reads the process's environment: call it before there are threads that change it.

#include "core/platform/config/load.hpp"
#include "core/platform/config/toml_file.hpp"

namespace devy::config {

void apply_environment(Loaded& loaded, Places& places);

// Returns nothing when the variable is unset or empty: in a unit file, an empty variable means "not
// set".
[[nodiscard]] std::optional<std::string> variable(const char* name);

}  // namespace devy::config
