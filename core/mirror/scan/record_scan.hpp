#pragma once
// Records operations about lists of a repository: a scan, and its parts. Run it inside the caller's
// transaction, and wake the runners after the commit. Throws what pg::Connection throws.

#include <string>

#include "core/mirror/scan/list.hpp"
#include "core/mirror/store/due_store.hpp"
#include "core/mirror/store/operation_store.hpp"
#include "core/mirror/store/repository_store.hpp"

namespace devy::scan {

// Names who asks, and how urgently; operations take these from the one that records them.
struct Request {
  queue::Source source = queue::Source::operator_;
  int priority = mirror::load_priority;
  std::string requested_by = {}, reason = {};
  // Only what changed since then.
  std::optional<base::TimePoint> since = std::nullopt;
};

// `state` is open, closed or all; all for a list without states.
mirror::Recorded record_scan(pg::Connection& connection, const mirror::Repository& repository,
                             const List& list, std::string_view state, const Request& request);
mirror::Recorded record_part(pg::Connection& connection, const std::string& scan,
                             const std::string& repository, std::int64_t repository_id,
                             const List& list, std::string_view state, int slot,
                             const Request& request);

// Records that a list is to be read without anybody asking, in a transaction of its own, and wakes
// the runners. Does nothing for a repository that is not known.
void record_reading(pg::Connection& connection, const mirror::DueList& due, int priority);

// "7/issues/all": one scan of it is open at a time.
[[nodiscard]] std::string list_key(std::int64_t repository_id, const List& list,
                                   std::string_view state);

}  // namespace devy::scan
