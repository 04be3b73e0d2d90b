#pragma once
// `POST /operations/<id>/act`: replay, approve, cancel. What undoes work, or puts something older
// over what is newer, asks for a reason first, on a page in place of a dialog. Each act stands in
// the audit, in the transaction of the act.

#include "daemon/web/page.hpp"

namespace devy::daemon {

[[nodiscard]] http::Response act_on_operation(Visit& visit);

// Says what was done, by the word in the page's address; empty for none.
[[nodiscard]] std::string_view done_text(std::string_view done);

}  // namespace devy::daemon
