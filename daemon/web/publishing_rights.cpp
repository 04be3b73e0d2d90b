#include "daemon/web/publishing_rights.hpp"

#include "core/publishing/store/upload_store.hpp"

namespace devy::daemon {

bool is_users_kind(std::string_view kind) {
  return kind == publishing::upload_kind;
}

bool may_see(const Visit& visit, const web::OperationLine& operation) {
  if (visit.visitor == nullptr) return false;
  return visit.visitor->is_operator ||
         (is_users_kind(operation.kind) && operation.owner == visit.visitor->username);
}

void restrict_to_own(web::OperationFilter& filter, const Visit& visit) {
  if (visit.is_operator()) return;
  filter.kinds = {publishing::upload_kind};
  filter.owner = visit.visitor->username;
}

}  // namespace devy::daemon
