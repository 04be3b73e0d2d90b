#include <cstdio>
#include <exception>

#include "cli/line/command_line.hpp"
#include "core/platform/process/child.hpp"
#include "core/systems.hpp"

int main(int argc, char** argv) {
  try {
    // Untrusted bytes are parsed in child processes, which run this same program.
    devy::systems::register_child_roles();
    if (const auto status = devy::process::run_child_role(argc, argv)) return *status;
    return devy::cli::run_command_line(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
  }
}
