#pragma once
// Waits for uploads to end by polling their rows, and runs one in this process when no worker does.
// Throws Error(stopped) when interrupted; the upload itself goes on.

#include <optional>

#include "cli/context.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/progress.hpp"
#include "core/publishing/store/upload_store.hpp"

namespace devy::cli {

// Short enough to feel immediate, long enough to cost almost nothing.
inline constexpr std::chrono::milliseconds wait_interval{250};

// True when the upload has ended, or is held: it then waits for a person, and nothing else will
// happen.
[[nodiscard]] bool is_over(const publishing::Upload& upload);

// Which upload's end counts. A duplicate is followed to its original; with `successors`, one that a
// newer upload cancelled is followed to the newer one, which publishes the later tip of the same
// branch.
enum class Follow { duplicates, successors };
[[nodiscard]] publishing::Upload deciding_upload(pg::Connection& connection,
                                                 publishing::Upload upload, Follow follow);

// Returns exit_ok for completed, exit_timed_out for an upload that is not over, else
// exit_unsuccessful.
[[nodiscard]] int exit_status_of(const publishing::Upload& deciding);

struct WaitOptions {
  std::optional<base::Duration> timeout;  // empty: without limit
  bool is_run_here = false;               // run it in this process whenever no worker has it
};
// Returns the followed upload, either over or at the timeout.
[[nodiscard]] publishing::Upload wait_for_end(Context& context, const base::UploadId& id,
                                              const WaitOptions& options);

// Says before the waiting begins what is waited for: an interruption must not hide the id.
void say_recorded(Context& context, const std::string& id, const std::string& subject);
// Says what an interruption leaves as it is, and how to follow or end it.
void say_still_recorded(Context& context, const std::vector<std::string>& ids);

// Runs `wait`; when it is interrupted, says so of the operations that `ids` returns.
template <class Wait, class Ids>
auto wait_or_say(Context& context, const Wait& wait, const Ids& ids) {
  try {
    return wait();
  } catch (const base::Error& error) {
    if (error.kind() == base::ErrorKind::stopped) say_still_recorded(context, ids());
    throw;
  }
}

// Whether any daemon lives, for one who waits to be told. It asks the database every few seconds.
class Daemons {
 public:
  explicit Daemons(Context& context) : context_(context) {}
  [[nodiscard]] bool are_there();

 private:
  Context& context_;
  std::optional<base::MonotonicTime> asked_at_;
  bool are_there_ = false;
};

// Returns "alice/blog: fetch", "alice/blog: waiting for a worker"; what waits is told why, and
// where no daemon lives, how to run it.
[[nodiscard]] std::string phase_text(const publishing::Upload& upload, bool is_daemon_there);

// Reads --wait and --here of `trigger` and `replay`. Returns nothing when the command shall not
// wait.
[[nodiscard]] std::optional<WaitOptions> wait_options(const Arguments& arguments);
[[nodiscard]] Option wait_option();
[[nodiscard]] Option here_option();

}  // namespace devy::cli
