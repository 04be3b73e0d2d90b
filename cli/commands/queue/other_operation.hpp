#pragma once
// Operations of other kinds than uploads, for the commands that act on any.

#include <optional>

#include "cli/context.hpp"
#include "cli/line/arguments.hpp"
#include "core/platform/queue/list.hpp"
#include "core/platform/queue/operation.hpp"

namespace devy::cli {

// The operation that the command's only <id> names, where that is not an upload.
[[nodiscard]] std::optional<queue::OperationRow> other_operation(Context& context,
                                                                 const Arguments& arguments);

[[nodiscard]] base::OperationId id_of(const queue::OperationRow& operation);
[[nodiscard]] queue::State state_of(const queue::OperationRow& operation);

// Prints the operation as it is now: a document, or a line with what was done to it.
void print_other(Context& context, const queue::OperationRow& operation, const std::string& done);

}  // namespace devy::cli
