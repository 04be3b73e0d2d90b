#pragma once
// Waiting for uploads to end by looking at their rows, and running one here when nobody does.
// Throws Error(stopped) when interrupted; the upload itself goes on.

#include <optional>

#include "cli/arguments.hpp"
#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/progress.hpp"
#include "core/store/upload_store.hpp"

namespace devy::cli {

// Often enough to feel live, seldom enough to cost nothing.
inline constexpr std::chrono::milliseconds wait_interval{250};

// Ended, or held: then it waits for a person and nothing else will happen.
[[nodiscard]] bool is_over(const store::Upload& upload);

// Whose end counts. A duplicate stands for what it duplicates; with `successors` one that a newer
// upload cancelled stands for the newer one, which publishes the same branch's later tip.
enum class Follow { duplicates, successors };
[[nodiscard]] store::Upload deciding_upload(pg::Connection& connection, store::Upload upload,
                                            Follow follow);

// exit_ok for completed, exit_timed_out for what is not over, else exit_unsuccessful.
[[nodiscard]] int exit_status_of(const store::Upload& deciding);

struct WaitOptions {
  std::optional<base::Duration> timeout;  // nothing: as long as it takes
  bool is_run_here = false;               // whenever nobody else has it
};
// The deciding upload, over or out of time.
[[nodiscard]] store::Upload wait_for_end(Context& context, const base::UploadId& id,
                                         const WaitOptions& options);

// "alice/blog: fetch", "alice/blog: waiting for a worker".
[[nodiscard]] std::string phase_text(const store::Upload& upload);

// --wait and --here as `trigger` and `replay` take them. Nothing: do not wait.
[[nodiscard]] std::optional<WaitOptions> wait_options(const Arguments& arguments);
[[nodiscard]] Option wait_option();
[[nodiscard]] Option here_option();

}  // namespace devy::cli
