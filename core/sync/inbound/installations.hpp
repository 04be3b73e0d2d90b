#pragma once
// Deliveries about the GitHub App itself: where it is installed, suspended or removed, and whose
// permission a user has taken back (sync.md, section 7); and repositories that ended or may be seen
// again, as the mirror's rows say. Only the App's own secret is believed about the App. Private to
// this folder. Throws what pg::Connection throws.

#include <vector>

#include "core/mirror/store/row_observer.hpp"
#include "core/platform/webhook/subscriber.hpp"

namespace devy::inbound {

[[nodiscard]] bool is_about_installation(const webhook::Received& delivery);
// Returns the operations of the connections that it concerns.
[[nodiscard]] std::vector<base::OperationId> record_installation(pg::Connection& connection,
                                                                 const webhook::Received& delivery);

// A connection whose repository is gone, or may not be seen any more, ends; it goes on where it is
// seen again.
void note_repositories(pg::Connection& connection, const std::vector<mirror::ChangedRow>& rows);

}  // namespace devy::inbound
