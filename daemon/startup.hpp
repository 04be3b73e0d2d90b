#pragma once
// Starts the daemon, from the command line to a running supervisor. Each failure on the way has an
// exit status that tells a service manager what to do about it. Called once, from main.

namespace devy::daemon {

// Registers the child roles of this program, besides those of core. Call it before
// run_child_role().
void register_roles();

// Returns the exit status; errors are on stderr.
[[nodiscard]] int run_daemon(int argc, const char* const* argv);

}  // namespace devy::daemon
