#pragma once
// Has what differs from GitHub fetched: an operation `mirror_fetch` for each thing. A row that
// GitHub has no more ends by it, as by any other fetch. Throws what pg::Connection throws.

#include <vector>

#include "core/mirror/scan/record_scan.hpp"
#include "core/mirror/store/repository_store.hpp"
#include "core/mirror/verify/verification.hpp"

namespace devy::verify {

// Run it inside the caller's transaction, and wake the runners after the commit. Returns the
// operations, each once: a label that was made anew and the one that it replaced are one target.
std::vector<base::OperationId> record_repairs(pg::Connection& connection,
                                              const mirror::Repository& repository,
                                              const Verification& verification,
                                              const scan::Request& request);

}  // namespace devy::verify
