#pragma once
// Compares records, what they are the same as at GitHub, and the mirror's rows (`project verify`).
// Comparing only reads. Throws what pg::Connection throws.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/platform/pg/connection.hpp"

namespace devy::sync {

struct Difference {
  std::string id;    // of the record; empty: it does not exist here
  std::string kind;  // task or comment
  std::string repository;
  std::int64_t github_key = 0;
  std::vector<std::string> fields = {};
  bool is_unsent = false;  // GitHub says what it said before: the record has to be sent
};
struct Comparison {
  std::int64_t equal = 0;
  std::vector<Difference> missing;  // the mirror has it, and there is no record
  std::vector<Difference>
      extra;  // a record is linked, and the mirror's row has ended or is not there
  std::vector<Difference>
      different;         // record and row differ, and nothing waits to bring them together
  bool is_more = false;  // more than the limit differ

  [[nodiscard]] bool is_equal() const {
    return missing.empty() && extra.empty() && different.empty();
  }
};
inline constexpr int differences_max = 1'000;
[[nodiscard]] Comparison compare(pg::Connection& connection, const std::string& connection_id);

// Records an operation for each that brings both sides together; returns how many. Run it inside
// the caller's transaction.
std::int64_t record_repairs(pg::Connection& connection, const std::string& connection_id,
                            std::span<const Difference> differences);

}  // namespace devy::sync
