#pragma once
// Compares rows with GitHub's documents, and picks rows to be compared; it changes none. Throws
// what pg::Connection throws.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/mirror/records/records.hpp"
#include "core/platform/base/clock.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::mirror {

// A document whose row is not what it says.
struct Difference {
  std::int64_t id = 0;
  std::optional<std::int64_t> number;
  std::string key;                  // in GitHub's addresses
  std::vector<std::string> fields;  // columns and sets of links; empty: there is no row
};
// The documents of one table that GitHub gave when it was asked at that time. Rows that were
// written since, and those that a waiting delivery is about, count as right.
[[nodiscard]] std::vector<Difference> compare(pg::Connection& connection,
                                              const records::Records& records,
                                              records::Relation relation, base::TimePoint sent_at);

// A row that exists as far as the mirror knows.
struct PickedRow {
  std::string list;
  std::int64_t id = 0;
  std::optional<std::int64_t> number;
  std::string key;
};
// Some rows of all lists but hooks, at random.
[[nodiscard]] std::vector<PickedRow> pick_rows(pg::Connection& connection,
                                               std::int64_t repository_id, int count);
// Rows of a list that were not written since then, by ascending ids behind one.
struct OlderRows {
  std::int64_t repository_id = 0;
  std::string list;
  base::TimePoint than{};
};
[[nodiscard]] std::vector<PickedRow> older_rows(pg::Connection& connection, const OlderRows& rows,
                                                std::int64_t after_id, int limit);
// Whether one of them exists still, and no delivery about it waits.
[[nodiscard]] bool is_still_there(pg::Connection& connection, const OlderRows& rows,
                                  records::Relation relation, std::int64_t id);

}  // namespace devy::mirror
