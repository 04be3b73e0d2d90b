#include "core/mirror/verify/repair.hpp"

#include <set>

#include "core/mirror/scan/handler.hpp"

namespace devy::verify {

std::vector<base::OperationId> record_repairs(pg::Connection& connection,
                                              const mirror::Repository& repository,
                                              const Verification& verification,
                                              const scan::Request& request) {
  std::set<std::string> targets;
  std::vector<base::OperationId> recorded;
  for (const auto& drift : verification.drift) {
    mirror::NewOperation operation;
    operation.kind = mirror::fetch_kind;
    operation.target = target_of(verification, drift);
    if (!targets.insert(operation.target).second) continue;
    operation.key = operation.target;
    operation.owner = scan::queue_owner(repository.full_name);
    operation.repository_id = repository.id;
    operation.source = request.source;
    operation.priority = request.priority;
    operation.requested_by = request.requested_by;
    operation.reason = request.reason;
    recorded.push_back(mirror::record(connection, operation).id);
  }
  return recorded;
}

}  // namespace devy::verify
