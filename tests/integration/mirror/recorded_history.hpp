#pragma once
// A short history of a repository of the stand-in for GitHub: its random acts, with the deliveries
// that they caused and the pages that were asked for in between, as documents that can be applied
// in any order and as often as one likes. Recording asks over HTTP; what was recorded is values.
// Throws std::runtime_error when the stand-in refuses something.

#include <cstdint>
#include <string>
#include <vector>

#include "tests/integration/mirror/told.hpp"
#include "tests/support/github/github_state.hpp"

namespace devy::mirror {
namespace interleavings_test {

struct History {
  std::int64_t repository_id = 0;
  std::string repository;
  // In the order in which things happened.
  std::vector<Told> told;
  // What GitHub answers when nothing changes any more: its whole lists, asked for a good while
  // later.
  std::vector<Told> lists;
  base::TimePoint lists_asked_at{};
  // Each issue and each pull request by itself, asked for after the lists.
  std::vector<Told> issues, pulls;
};

struct HistoryOptions {
  std::string repository;  // "owner/name", which is made
  unsigned seed = 1;
  int acts = 5;
  // Whether the secret is the App's, which is believed about everything.
  bool is_of_app = false;
  // How far our clock is ahead of GitHub's.
  std::chrono::milliseconds skew{0};
};

[[nodiscard]] History record_history(const testing::GithubState& github,
                                     const HistoryOptions& options);

}  // namespace interleavings_test
}  // namespace devy::mirror
