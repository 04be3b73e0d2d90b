#pragma once
// The daemon's exit statuses (cli.md), taken from sysexits(3), and the mapping of errors to them.
// The service manager decides by them whether to restart: after 78 it does not. Pure; any thread.

#include "core/platform/base/error.hpp"

namespace devy::daemon {

inline constexpr int exit_ok = 0;
inline constexpr int exit_unavailable = 69;    // the database is unavailable, or refuses writes
inline constexpr int exit_bug = 70;            // an unexpected error
inline constexpr int exit_temporary = 75;      // busy, or an address is in use
inline constexpr int exit_no_permission = 77;  // the database or the system denied it
// An error in the file or the command line, or another schema.
inline constexpr int exit_configuration = 78;

[[nodiscard]] int exit_status(const base::Error& error);

}  // namespace devy::daemon
