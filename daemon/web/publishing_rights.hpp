#pragma once
// Which operations are a user's own: the uploads of his blogs (web.md, "Who"). Pure; any thread.

#include <string_view>

#include "core/platform/web/operation_list.hpp"
#include "daemon/web/page.hpp"

namespace devy::daemon {

// Kinds of operations that users see; the others are for operators.
[[nodiscard]] bool is_users_kind(std::string_view kind);
[[nodiscard]] bool may_see(const Visit& visit, const web::OperationLine& operation);
// Leaves a user his own; an operator sees all.
void restrict_to_own(web::OperationFilter& filter, const Visit& visit);

}  // namespace devy::daemon
