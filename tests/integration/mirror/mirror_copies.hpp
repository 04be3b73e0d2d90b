#pragma once
// Many mirrors of one repository in one database: in each of them all ids of GitHub are moved up by
// another distance, so that they know nothing of each other, and what is told to several of them at
// once is one call of mirror::apply(). That makes thousands of orders affordable. One thread.
// Throws what pg::Connection throws.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/platform/pg/connection.hpp"
#include "tests/integration/mirror/recorded_history.hpp"
#include "tests/support/postgres/postgres.hpp"

namespace devy::mirror {
namespace interleavings_test {

class MirrorCopies {
 public:
  // From now on an update that takes a row back in time, makes it less certain or revives what
  // GitHub has deleted fails.
  explicit MirrorCopies(const testing::TestDatabase& database);

  void clear();
  // Applies it to these copies as one transaction.
  void tell(const Told& told, std::span<const int> copies);
  // As a full scan ends: rows that no list had are asked about, and pull requests whose details are
  // behind their rows are read by themselves.
  void sweep(const History& history, int copies);
  // What differs between any copy and copy 0, a line each; at most ten.
  [[nodiscard]] std::vector<std::string> differences(int copies) const;

 private:
  const testing::TestDatabase& database_;
  pg::Connection connection_;
};

}  // namespace interleavings_test
}  // namespace devy::mirror
