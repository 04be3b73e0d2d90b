#pragma once
// The result of a comparison of a repository's rows with GitHub. Values; any thread.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace devy::verify {

enum class DriftKind {
  missing,    // GitHub has it, and no row that exists is about it
  extra,      // a row exists, and GitHub has it no more
  different,  // the row says something else
};

// One thing that is not in the tables as it is at GitHub.
struct Drift {
  DriftKind kind = DriftKind::missing;
  std::string list;      // "issues"
  std::string relation;  // its table: "issue"
  std::int64_t id = 0;
  std::optional<std::int64_t> number;
  std::string key;                  // in targets: the number, a label's name, a hook's id
  std::vector<std::string> fields;  // columns and sets of links that differ
};

struct Verification {
  std::string repository;  // "owner/name"
  std::int64_t requests = 0;
  std::int64_t compared = 0;  // things that GitHub was asked about
  std::vector<Drift> drift;
  bool is_cut = false;                // there is more drift than is listed
  std::int64_t unsettled = 0;         // rows that are not certain yet; they are compared, too
  std::vector<std::string> left_out;  // lists that GitHub does not show

  [[nodiscard]] bool is_ok() const { return drift.empty(); }
  [[nodiscard]] std::int64_t count(DriftKind kind) const {
    return std::ranges::count(drift, kind, &Drift::kind);
  }
};

// "alice/notes/issues/7"
[[nodiscard]] inline std::string target_of(const Verification& verification, const Drift& drift) {
  return verification.repository + "/" + drift.list + "/" + drift.key;
}

}  // namespace devy::verify
