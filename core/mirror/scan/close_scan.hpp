#pragma once
// The end of a scan whose list was read to its end. Run it inside the caller's transaction, and
// wake the runners after the commit. Throws what pg::Connection throws.

#include <string>

#include "core/mirror/scan/record_scan.hpp"

namespace devy::scan {

// Completes the scan, or records the sweep that looks for what the list did not have: only a whole
// list proves that something is gone, so one of open items alone never sweeps. `reads_files`: the
// setting mirror.files; pull requests whose details an incremental list has outdated are read then.
void close_scan(pg::Connection& connection, const std::string& scan, bool reads_files,
                const Request& request);

}  // namespace devy::scan
