#pragma once
// Rows that a whole reading of a list did not meet: GitHub is asked about each before its row ends.
// Throws what pg::Connection throws.

#include <cstdint>
#include <optional>
#include <string>

#include "core/mirror/store/row_observer.hpp"
#include "core/mirror/store/scan_store.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::mirror {

// The rows that a scan has to ask about when it has read its list to the end. For pull requests
// those count too that the list of issues names and that have no row.
struct Candidates {
  std::int64_t unseen = 0;   // rows that the list did not have
  std::int64_t missing = 0;  // pull requests without a row
  std::int64_t rows = 0;     // all rows of the list; 0 where that is of no interest
};
[[nodiscard]] Candidates count_candidates(pg::Connection& connection, const Scan& scan);

struct Unseen {
  std::int64_t id = 0;
  std::string key;  // in GitHub's addresses: the number, a label's name, a hook's id
};
[[nodiscard]] std::optional<Unseen> next_unseen(pg::Connection& connection, const Scan& scan,
                                                std::int64_t after_id);
// The row of one thing, by its key; nothing when there is none that exists.
[[nodiscard]] std::optional<Unseen> find_row(pg::Connection& connection, std::int64_t repository_id,
                                             const std::string& list, const std::string& key);
// Returns the number of a pull request without a row.
[[nodiscard]] std::optional<std::int64_t> next_missing_pull(pg::Connection& connection,
                                                            const Scan& scan,
                                                            std::int64_t after_number);

void begin_sweep(pg::Connection& connection, const Scan& scan, std::int64_t candidates);

struct RowEnd {
  std::string list;
  std::int64_t id = 0;
  std::string reason;    // deleted, transferred, gone
  base::TimePoint at{};  // when the request was sent that GitHub answered so
  std::string moved_to;  // "owner/name" of the repository that an issue was transferred to
  std::int64_t moved_number = 0;
  std::optional<std::int64_t> repository_id = std::nullopt;  // only a row of this repository
};
// Returns whether it ended: what an answer has shown that was asked for later stays.
bool end_row(pg::Connection& connection, const RowEnd& end, const RowObservers& observers);
void add_gone(pg::Connection& connection, const std::string& scan, int gone, int requests);

}  // namespace devy::mirror
