#pragma once
// A page of a hundred issues written into the mirror's tables, beside one upsert of the same
// issues, as arrays, into a table of the same columns and indexes without triggers.

#include "tests/bench/mirror_report.hpp"
#include "tests/bench/mirror_rig.hpp"

namespace devy::bench {

// The rig's repository is mirrored, and its daemon does not run. Throws what pg::Connection throws,
// and std::runtime_error.
void measure_page(const MirrorRig& rig, MirrorReport& report);

}  // namespace devy::bench
