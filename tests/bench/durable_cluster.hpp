#pragma once
// A private cluster for one run of a benchmark: durable, unlike the tests' own, and gone with its
// folder afterwards. For the benchmarks only. One thread.

#include <functional>
#include <string>

namespace devy::bench {

// Calls `act` with the cluster's conninfo and gives back what it returns. What goes wrong with
// stopping it is printed; throws what starting it and `act` throw.
int run_on_private_cluster(const std::function<int(const std::string& conninfo)>& act);

}  // namespace devy::bench
