#pragma once
// The audit: each change that a person made in the browser, at the command line or by the API. Rows
// are only added; PostgreSQL refuses everything else, until they are 400 days old. Write a row in
// the transaction of the act itself, so that there is no act without one. Values; the functions
// throw what pg::Connection throws. Source of the rules: web.md, "Who".

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::web {

struct Act {
  std::string actor;                       // "web:alice", "api:alice", or who() of the command line
  std::string address = {};                // of the browser or the API's caller; empty: none
  std::string act;                         // "operation.cancel": letters, '_' and '.'
  std::string target = {};                 // an id, an address of a blog, a username
  std::optional<std::string> filter = {};  // of an act on many: a JSON object
  std::optional<std::int64_t> count = {};  // how many it was about
  std::optional<std::string> reason = {};  // in the person's own words
  std::string result = "done";             // or a code of what went wrong
};
// Returns the row's id. With the rights of devy_web or devy_operator.
std::int64_t record_act(pg::Connection& connection, const Act& act);

struct RecordedAct : Act {
  std::int64_t id = 0;
  base::TimePoint at{};
};
struct AuditFilter {
  std::optional<std::string> actor = {}, act = {}, target = {};  // exactly
  std::optional<base::Duration> since = {}, until = {};
  std::optional<std::int64_t> before = {};  // an id, for the next page
  int limit = 50;
};
// The newest come first. A filter looks at the newest ten thousand rows before `before` alone.
[[nodiscard]] std::vector<RecordedAct> list_acts(pg::Connection& connection,
                                                 const AuditFilter& filter);

}  // namespace devy::web
