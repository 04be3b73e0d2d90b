#pragma once
// Waits for loads of the mirror to end by polling their rows, with their progress; and runs them in
// this process when asked to. Throws Error(stopped) when interrupted; the load itself goes on.

#include "cli/commands/publishing/upload_wait.hpp"
#include "cli/context.hpp"
#include "core/mirror/store/load_status.hpp"

namespace devy::cli {

// Returns the load when it is over, or as it is at the timeout.
[[nodiscard]] mirror::Load wait_for_load(Context& context, const base::OperationId& id,
                                         const WaitOptions& options);

// Prints the load's document, or what became of it in a line or two.
void print_load(Context& context, const mirror::Load& load);

// exit_ok when it succeeded, exit_timed_out while it is under way, else exit_unsuccessful.
[[nodiscard]] int exit_status_of(const mirror::Load& load);

// "1 200 of about 12 000 read, 98 requests, 340/s, 32 s left"
[[nodiscard]] std::string progress_text(const mirror::LoadProgress& progress,
                                        base::Duration elapsed);

}  // namespace devy::cli
