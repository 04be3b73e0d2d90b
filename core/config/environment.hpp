#pragma once
// DEVY_* variables put over what the file said (libpq's own are the caller's business). Private to
// this folder. Reads the process's environment: call it before threads that change it.

#include "core/config/load.hpp"
#include "core/config/toml_file.hpp"

namespace devy::config {

void apply_environment(Loaded& loaded, Places& places);

// Nothing when unset or empty: an empty variable is how a unit file says "not set".
[[nodiscard]] std::optional<std::string> variable(const char* name);

}  // namespace devy::config
