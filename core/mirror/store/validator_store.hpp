#pragma once
// Pages of lists as they were last read. GitHub answers a request that names one with "not
// modified", which costs nothing of the hour's requests, and shows that its items are there. Throws
// what pg::Connection throws.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/mirror/records/record.hpp"
#include "core/platform/base/clock.hpp"
#include "core/platform/base/sha256.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/prune.hpp"

namespace devy::mirror {

// With which credential a page was asked for, and where.
struct PageName {
  std::string credential;  // the name of the limit that it counts against (within_limits.hpp)
  std::optional<base::Sha256> token;  // etags are each token's own; nothing: no token
  std::string url;
};

struct Validator {
  std::string etag, last_modified;  // the etag is empty where it was another token's
  std::vector<std::int64_t> ids;    // the items, in GitHub's order
  std::optional<base::TimePoint> first_updated_at, last_updated_at;
  std::optional<std::string> next;
  std::optional<int> last_page;
};

// Nothing where the page was not read before, or where one of its items is no row any more.
[[nodiscard]] std::optional<Validator> find_validator(pg::Connection& connection,
                                                      const PageName& name,
                                                      records::Relation relation);
// Run both inside the caller's transaction, which writes the page's rows.
void keep_validator(pg::Connection& connection, const PageName& name, std::int64_t repository_id,
                    const Validator& validator);
// The page was unchanged when it was asked for at `at` by our clock, `date` by GitHub's.
void note_unchanged(pg::Connection& connection, const PageName& name, records::Relation relation,
                    std::int64_t repository_id, const std::vector<std::int64_t>& ids,
                    base::TimePoint at, std::optional<base::TimePoint> date);

// Pages that nobody has read for long.
[[nodiscard]] queue::Prunable old_validators();

}  // namespace devy::mirror
