#pragma once
// The mirror's peers: programs for node that do the same as others do it (tests/peers). They write
// into a schema `peer` of the rig's database. Throws std::runtime_error.

#include <string>
#include <vector>

#include "tests/bench/mirror_rig.hpp"

namespace devy::bench {

struct PeerFill {
  double seconds = 0;
  double asking_seconds = 0;  // of these, until answers were there and parsed
};
// Reads all issues and pull requests of the rig's repository one page after the other, and writes
// each row by a statement of its own.
[[nodiscard]] PeerFill fill_by_peer(const MirrorRig& rig);

// The words that start one of tests/peers, with a database at their end: host, user, name.
[[nodiscard]] std::vector<std::string> peer_words(const std::string& script,
                                                  const std::vector<std::string>& arguments,
                                                  const std::string& conninfo);

}  // namespace devy::bench
