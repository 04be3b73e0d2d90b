#include "core/mirror/kinds.hpp"

#include "core/mirror/hook/switch.hpp"
#include "core/mirror/scan/document_handler.hpp"
#include "core/mirror/scan/fetch_handler.hpp"
#include "core/mirror/scan/part_handler.hpp"
#include "core/mirror/scan/scan_handler.hpp"
#include "core/mirror/scan/sweep_handler.hpp"
#include "core/mirror/store/change_prune.hpp"
#include "core/mirror/store/validator_store.hpp"
#include "core/mirror/verify/audit_handler.hpp"

namespace devy::mirror {

std::vector<queue::Kind> operation_kinds(const RowObservers& observers) {
  return {scan::fetch_operation_kind(observers),    scan::scan_operation_kind(observers),
          scan::part_operation_kind(observers),     scan::sweep_operation_kind(observers),
          scan::document_operation_kind(observers), verify::audit_operation_kind(observers),
          hook::switch_operation_kind(observers)};
}

std::vector<queue::Prunable> prunable_records() {
  return {prunable_changes(), old_validators()};
}

std::map<std::string, std::string> subjects(pg::Connection& connection,
                                            const std::vector<std::string>& operations) {
  return targets(connection, operations);
}

}  // namespace devy::mirror
