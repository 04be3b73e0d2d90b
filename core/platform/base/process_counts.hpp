#pragma once
// Counts of what this process does, for the daemon's metrics: whoever does it counts it, wherever
// that is, and the process's role reports the counts and begins anew. Names have parts for the
// labels: "github_requests.load.200". Any thread.

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace devy::base {

// Limit for the names between two reports; a count under a further name is lost.
inline constexpr std::size_t process_counts_max = 512;

void count(const std::string& name, std::int64_t by = 1);

// Returns the counts since the previous call, by name.
[[nodiscard]] std::map<std::string, std::int64_t> reset_counts();

}  // namespace devy::base
