#pragma once
// Loads: what people and programs ask the mirror to read again. Each is an operation of the queue,
// with those that it records. Throws what pg::Connection throws.

#include <optional>
#include <string>
#include <vector>

#include "core/mirror/scan/record_scan.hpp"
#include "core/mirror/scan/target.hpp"

namespace devy::scan {

struct LoadOptions {
  std::string state = "all";  // of the items of a list
  bool has_children = false;  // the lists of a repository too; those that belong to a list
  bool is_adding = false;     // the repository is mirrored from then on
  Request request = {};
  // A user's own token lists all repositories that he himself sees at GitHub, and his rights there.
  std::optional<mirror::Actor> actor = std::nullopt;
};

// Records the load, or joins one that is under way, in a transaction of its own. Throws
// Error(not_found, "mirror_unknown") for what lies in a repository that the mirror does not know.
mirror::Recorded record_load(pg::Connection& connection, const config::Config& config,
                             const Target& target, const LoadOptions& options);

// The same in the caller's transaction, after which he wakes the runners.
mirror::Recorded record_load_within(pg::Connection& connection, const config::Config& config,
                                    const Target& target, const LoadOptions& options);

// The lists that are read with a repository, in the order in which they are useful.
[[nodiscard]] std::vector<std::string> children_of_repository(const config::Config& config);

// Throws Error(config, "mirror_off") where the mirror is switched off.
void require_mirror(const config::Config& config);

}  // namespace devy::scan
