#include "core/mirror/kinds.hpp"

#include "core/mirror/scan/document_handler.hpp"
#include "core/mirror/scan/fetch_handler.hpp"
#include "core/mirror/scan/part_handler.hpp"
#include "core/mirror/scan/scan_handler.hpp"
#include "core/mirror/scan/sweep_handler.hpp"
#include "core/mirror/verify/audit_handler.hpp"

namespace devy::mirror {

std::vector<queue::Kind> operation_kinds() {
  return {scan::fetch_operation_kind(),    scan::scan_operation_kind(),
          scan::part_operation_kind(),     scan::sweep_operation_kind(),
          scan::document_operation_kind(), verify::audit_operation_kind()};
}

std::map<std::string, std::string> subjects(pg::Connection& connection,
                                            const std::vector<std::string>& operations) {
  return targets(connection, operations);
}

}  // namespace devy::mirror
