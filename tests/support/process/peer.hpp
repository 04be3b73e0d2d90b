#pragma once
// Independent implementations that ours is held against: scripts of tests/peers, run by node with
// the packages of its lock file. Throws std::runtime_error when one fails.

#include <string>
#include <vector>

namespace devy::testing {

// The lines that `node SCRIPT ARGUMENT…` prints.
[[nodiscard]] std::vector<std::string> run_peer(const std::string& script,
                                                const std::vector<std::string>& arguments = {});

// Strict enough for what a peer prints.
[[nodiscard]] std::string decode_base64(std::string_view text);

}  // namespace devy::testing
