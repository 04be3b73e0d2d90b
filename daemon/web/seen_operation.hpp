#pragma once
// The operation that a page's address names, if it is this visitor's to see. Belongs to the thread
// that answers.

#include <string>

#include "core/platform/web/operation_detail.hpp"
#include "daemon/web/page.hpp"

namespace devy::daemon {

// The first part of the address that stands for any is its id. Throws Error(not_found) for what is
// not there and for what is not his, which nobody can tell apart.
[[nodiscard]] web::OperationDetail find_seen_operation(Visit& visit);
// The name of what it is about, as its system says: "alice/notes"; empty when no system has a name
// for it.
[[nodiscard]] std::string subject_of(Visit& visit, const std::string& id);

}  // namespace devy::daemon
