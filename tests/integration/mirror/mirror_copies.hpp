#pragma once
// Many mirrors of one repository in one database: in each of them all ids of GitHub are moved up by
// another distance, so that they know nothing of each other, and what is told to several of them at
// once is one call of mirror_apply(), with the texts that mirror::apply() sends: each is made once,
// and the copies' ids are put into it. That makes thousands of orders affordable. One thread.
// Throws what pg::Connection throws.

#include <cstdint>
#include <map>
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
  // A document of one table as it is sent, cut where a copy's number stands.
  struct Document {
    records::Relation relation;
    std::vector<std::string> pieces;
  };
  using Documents = std::vector<Document>;
  static Documents documents_of(const records::Records& records, const ApplyOptions& options);
  // Those of the issue that the told pull request also is; `id` is the issue's in copy 0.
  const Documents& issue_of(const Told& told, std::int64_t id);
  void send(const Told& told, std::span<const int> copies);

  const testing::TestDatabase& database_;
  pg::Connection connection_;
  // By what was told, until all is cleared.
  std::map<const Told*, Documents> documents_, issues_;
};

}  // namespace interleavings_test
}  // namespace devy::mirror
