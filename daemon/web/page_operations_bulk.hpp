#pragma once
// Acts on several operations at once, for operators: what the form of `/operations` means, the page
// that asks for the confirmation, and the act itself (bulk_store.hpp).

#include "daemon/web/page.hpp"

namespace devy::daemon {

// POST /operations. The form says which act, and which operations: those with their ids, or all
// that match its filters and are not newer than its `as_of`. It is answered by the page in place of
// a dialog, whose form comes here again with the reason.
[[nodiscard]] http::Response act_on_operations(Visit& visit);

}  // namespace devy::daemon
