#include <cstdio>
#include <exception>

#include "cli/command_line.hpp"
#include "core/process/child.hpp"
#include "core/upload/service.hpp"

int main(int argc, char** argv) {
  try {
    // Hostile bytes are parsed in children, which are this same program.
    devy::upload::register_child_roles();
    if (const auto status = devy::process::run_child_role(argc, argv)) return *status;
    return devy::cli::run_command_line(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
  }
}
