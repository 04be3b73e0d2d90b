#pragma once
// Events of issues on their way into the mirror's tables: how soon a reader sees what a delivery
// changed, beside a program for node that upserts the issue before its answer; and how many the
// listener takes in, beside pushes. Throws std::runtime_error.

#include <string>

#include "tests/bench/mirror_report.hpp"
#include "tests/bench/mirror_rig.hpp"

namespace devy::bench {

// Deliveries at a steady rate, some of them twice, to the whole daemon.
void measure_webhooks(MirrorReport& report);
// Deliveries as fast as they are answered, to a listener alone: `self` is this program, which
// serves with the words of serve_listener().
void measure_intake(const std::string& self, MirrorReport& report);

// A listener until it is killed; prints its address. `secret` is a line of webhook.secrets.
int serve_listener(const std::string& conninfo, const std::string& secret);

}  // namespace devy::bench
