#pragma once
// The meanings of the command line's exit statuses (cli.md). An Error's own status comes from
// base::exit_code; these are the ones that commands choose themselves.

namespace devy::cli {

inline constexpr int exit_ok = 0;
inline constexpr int exit_failed = 1;
inline constexpr int exit_usage = 2;
inline constexpr int exit_unsuccessful = 3;  // the upload ended unsuccessfully
inline constexpr int exit_timed_out = 8;     // still running
inline constexpr int exit_needs_yes = 9;
inline constexpr int exit_problems_found = 10;
inline constexpr int exit_partly_done = 11;
inline constexpr int exit_interrupted = 130;

}  // namespace devy::cli
