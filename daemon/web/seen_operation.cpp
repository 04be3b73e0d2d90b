#include "daemon/web/seen_operation.hpp"

#include "core/platform/base/error.hpp"
#include "core/systems.hpp"
#include "daemon/web/publishing_rights.hpp"

namespace devy::daemon {

web::OperationDetail find_seen_operation(Visit& visit) {
  const base::Error absent(base::ErrorKind::not_found, "unable to find that operation");
  const auto& id = visit.request.path_values.at(0);
  if (!base::OperationId::parse(id)) throw base::Error(absent);
  auto detail = web::find_detail(visit.connection, id);
  if (!detail || !may_see(visit, detail->line)) throw base::Error(absent);
  return *std::move(detail);
}

std::string subject_of(Visit& visit, const std::string& id) {
  const auto subjects = systems::subjects(visit.connection, {id});
  const auto found = subjects.find(id);
  return found == subjects.end() ? "" : found->second;
}

}  // namespace devy::daemon
