#pragma once
// The daemon's exit statuses (cli.md), from sysexits(3), and which error means which. A service
// manager decides by them whether to try again: never after 78. Pure; any thread.

#include "core/base/error.hpp"

namespace devy::daemon {

inline constexpr int exit_ok = 0;
inline constexpr int exit_unavailable = 69;    // the database is away, or takes no writes
inline constexpr int exit_bug = 70;            // an error that nobody foresaw
inline constexpr int exit_temporary = 75;      // busy, or an address is in use
inline constexpr int exit_no_permission = 77;  // refused by the database or the system
inline constexpr int exit_configuration = 78;  // the file, the command line, or another schema

[[nodiscard]] int exit_status(const base::Error& error);

}  // namespace devy::daemon
