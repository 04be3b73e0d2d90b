#pragma once
// From the command line to a running supervisor, and what can go wrong before: each with the exit
// status that tells a service manager what to do about it. Called once, from main.

namespace devy::daemon {

// The roles this program's children play, beside those of core. Before run_child_role().
void register_roles();

// Returns the exit status; errors are on stderr.
[[nodiscard]] int run_daemon(int argc, const char* const* argv);

}  // namespace devy::daemon
