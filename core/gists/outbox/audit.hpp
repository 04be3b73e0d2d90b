#pragma once
// Whether the CRM has each activity once: all its activities are read, and their markers compared
// with what the database says was sent. It changes nothing. Throws what pg::Connection throws, and
// Error(unavailable or busy) when the CRM cannot be read.

#include <cstdint>
#include <string>
#include <vector>

#include "core/gists/outbox/crm_session.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::outbox {

struct AuditedItem {
  std::string id;
  std::vector<std::int64_t> remote_ids;  // in the CRM; of a missing one the id that it had
};
struct Audit {
  std::int64_t compared = 0;
  std::vector<AuditedItem> missing;  // sent, and not in the CRM
  std::vector<AuditedItem> twice;    // there more than once
  std::vector<AuditedItem> foreign;  // there with a marker of ours that no item has
  [[nodiscard]] bool is_clean() const {
    return missing.empty() && twice.empty() && foreign.empty();
  }
};
[[nodiscard]] Audit audit(pg::Connection& connection, CrmSession& session);

}  // namespace devy::outbox
