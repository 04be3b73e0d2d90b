#pragma once
// Shows an upload on its operation's page: the files it changes, those that are in
// error, the delivery that it came by. Belongs to the thread that answers.

#include "core/platform/web/html/page.hpp"
#include "core/platform/web/operation_detail.hpp"
#include "daemon/web/page.hpp"

namespace devy::daemon {

// Fills sections of the template operation; does nothing for other kinds.
void fill_upload(html::Fill& content, Visit& visit, const web::OperationDetail& detail);

}  // namespace devy::daemon
