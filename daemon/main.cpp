#include <cstdio>
#include <exception>

#include "core/platform/process/child.hpp"
#include "core/systems.hpp"
#include "daemon/startup.hpp"

int main(int argc, char** argv) {
  try {
    // Every other process of the daemon, including those that parse untrusted bytes, runs this
    // program.
    devy::systems::register_child_roles();
    devy::daemon::register_roles();
    if (const auto status = devy::process::run_child_role(argc, argv)) return *status;
    return devy::daemon::run_daemon(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 70;
  }
}
