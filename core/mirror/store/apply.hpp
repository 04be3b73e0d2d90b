#pragma once
// Writes records into the tables of schema `github`, by the rules of core/mirror/judge.sql: a row
// never goes back in time. Run it inside the caller's transaction, after the fence of its
// operation. Throws what pg::Connection throws.

#include <cstdint>
#include <map>
#include <optional>

#include "core/mirror/records/origin.hpp"
#include "core/mirror/records/records.hpp"
#include "core/mirror/store/row_observer.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::mirror {

// How many documents of a table did what to their rows.
struct Outcomes {
  std::int64_t applied = 0;  // the row says now what they say
  std::int64_t same = 0;     // it said so already
  std::int64_t stale = 0;    // it is newer
  std::int64_t tie = 0;      // of the same second, and more certain
  // Another row has their number: one of the two is not what GitHub has.
  std::int64_t invalid = 0;
};
using Applied = std::map<records::Relation, Outcomes>;

struct ApplyOptions {
  records::Via via = records::Via::api;
  // The time that rows are stamped with: when the request was sent, or the delivery received.
  base::TimePoint at{};
  // The answer's Date. What is two seconds older by GitHub's clock cannot have changed since within
  // the same second: it is settled.
  std::optional<base::TimePoint> date = std::nullopt;
  // The table of the documents that were asked for: their rows are locked and stamped in any case,
  // those of nested ones only where they differ, or were not stamped for a minute.
  records::Relation main = records::Relation::repository;
};

Applied apply(pg::Connection& connection, const records::Records& records,
              const ApplyOptions& options, const RowObservers& observers);

}  // namespace devy::mirror
