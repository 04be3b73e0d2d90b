#pragma once
// The filling of a mirror, beside the way of github-to-sqlite; what reading it again costs; and
// what killed daemons cost. Each throws std::runtime_error when the mirror does not do its work at
// all: a figure of a wrong mirror is none.

#include "tests/bench/mirror_report.hpp"
#include "tests/bench/mirror_rig.hpp"

namespace devy::bench {

// How much is filled: that of mirror.md, section 12.
struct FillSize {
  int issues = 10'000, pulls = 2'000;
  // Requests without which nobody has it all: pages of a hundred, the repository, its labels and
  // its milestones.
  [[nodiscard]] int requests_min() const { return (issues + pulls) / 100 + pulls / 100 + 3; }
};

inline constexpr int fill_latency_ms = 50;

// The rig's repository, whose daemon does not run yet, is mirrored; then the peer reads the same
// into tables of its own, beside the daemon's, which does nothing meanwhile.
void measure_fill(MirrorRig& rig, const FillSize& size, MirrorReport& report);
// Reads the lists of a mirror that is filled again: whole, since the last time, and after changes.
void measure_rereading(MirrorRig& rig, MirrorReport& report);
// The details and files of all pull requests, one after the other.
void measure_details(MirrorRig& rig, const FillSize& size, MirrorReport& report);
// A fill whose daemon is killed again and again.
void measure_killed_fill(const FillSize& size, MirrorReport& report);
// The most memory that a runner takes when a page of a list is very long.
void measure_memory(MirrorReport& report);

}  // namespace devy::bench
