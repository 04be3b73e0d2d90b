#pragma once
// Shows an operation about a task or a comment on its page: what either side says, what was sent,
// and what GitHub was asked. Belongs to the thread that answers.

#include "core/platform/web/html/page.hpp"
#include "core/platform/web/operation_detail.hpp"
#include "daemon/web/page.hpp"

namespace devy::daemon {

// Fills sections of the template operation; does nothing for other kinds.
void fill_sides(html::Fill& content, Visit& visit, const web::OperationDetail& detail);

}  // namespace devy::daemon
