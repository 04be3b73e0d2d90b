#pragma once
// `watch` for an operation that is no upload: of the mirror, of files, of gists, of the CRM.

#include <optional>

#include "cli/context.hpp"
#include "core/platform/queue/list.hpp"

namespace devy::cli {

// Waits until it has ended or is held, and prints how. Returns exit_ok when it has completed,
// exit_timed_out at the timeout, else exit_unsuccessful. Throws Error(stopped) when interrupted.
[[nodiscard]] int watch_other(Context& context, const queue::OperationRow& operation,
                              const std::optional<base::Duration>& timeout);

}  // namespace devy::cli
