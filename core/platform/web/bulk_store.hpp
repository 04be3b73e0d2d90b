#pragma once
// Acts of an operator on many operations (web.md, "What users of such consoles ask for"): which
// ones a filter means, freezing them when he confirms, and doing it, a few at once or many by an
// operation of kind bulk (bulk_handler.hpp). Each is acted on by the rules that hold for it alone;
// one that no longer may be is counted with its reason, and stays as it is.
//
// A session with the rights of devy_web, devy_worker or devy_operator, so one thread at a time.
// Throws what pg::Connection throws.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/json/json.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/web/operation_list.hpp"

namespace devy::web {

inline constexpr std::string_view bulk_kind = "bulk";
// More are refused: a narrower filter is asked for.
inline constexpr int bulk_operations_max = 10'000;
// So many are acted on in the transaction that confirms them; more by an operation.
inline constexpr int bulk_at_once_max = 200;
// For more, whoever confirms types their number.
inline constexpr int bulk_untyped_max = 100;
inline constexpr int bulk_examples = 10;

enum class BulkAct { replay, cancel, approve };
inline constexpr std::array bulk_acts{BulkAct::replay, BulkAct::cancel, BulkAct::approve};
[[nodiscard]] std::string_view to_string(BulkAct act);  // "replay"
[[nodiscard]] std::optional<BulkAct> parse_bulk_act(std::string_view text);
// The states in which an operation can be acted on so.
[[nodiscard]] std::vector<std::string> states_for(BulkAct act);

// ---- which ones are meant

struct Matches {
  std::vector<std::string> ids;  // newest first, at most bulk_operations_max + 1
  // False: the filter looks at more rows than one request may, and not all of them were.
  bool is_whole = true;
};
// All that match the filter, whose `before` and `resources` do not count: none newer than the
// arrival `as_of`, and none that ended after `ended_until`, in microseconds since 1970 by the
// database's clock.
[[nodiscard]] Matches match_operations(pg::Connection& connection, const OperationFilter& filter,
                                       std::int64_t as_of, std::int64_t ended_until);
// The time now, for `ended_until`.
[[nodiscard]] std::int64_t database_time(pg::Connection& connection);
// Those of the operations that are there, newest first.
[[nodiscard]] std::vector<OperationLine> find_lines(pg::Connection& connection,
                                                    const std::vector<std::string>& ids);

// ---- doing it

struct NewBulk {
  std::string id;  // a new UUID, made when the confirmation was asked for
  BulkAct act = BulkAct::replay;
  std::string actor, reason;
  json::Json filter;                    // an object, as for the audit
  std::vector<std::string> operations;  // newest first
  int max_attempts = 12;                // of its operation, and those that a replay adds

  [[nodiscard]] bool is_operation() const {
    return operations.size() > static_cast<std::size_t>(bulk_at_once_max);
  }
};
// Freezes the set, and acts on it when it is small enough, else records the operation. In the
// caller's transaction, with the audit. False: a form with this id was sent before, and nothing was
// done.
[[nodiscard]] bool begin_bulk(pg::Connection& connection, const NewBulk& bulk);
// Acts on the next ones, and returns how many these were; none are left when they are fewer than
// `items_max`. Behind the fence, in a transaction that did not lock a resource yet.
[[nodiscard]] int run_bulk(pg::Connection& connection, const std::string& id, int items_max,
                           int extra_attempts);

struct Bulk {
  std::string id, actor, reason;
  BulkAct act = BulkAct::replay;
  int count = 0;
  bool is_operation = false;
  int left = 0;                         // not reached yet
  int done = 0;                         // acted on
  std::map<std::string, int> not_done;  // how many were not, by the reason's word in the table

  [[nodiscard]] int reached() const { return count - left; }
};
// Nothing when there is none of this id.
[[nodiscard]] std::optional<Bulk> find_bulk(pg::Connection& connection, const std::string& id);
// "2 not: something newer goes before them (1), they had not ended (1)"; empty when all were.
[[nodiscard]] std::string not_done_text(const Bulk& bulk);

// "replay of 1204 operations", by the operation's id.
[[nodiscard]] std::map<std::string, std::string> bulk_subjects(pg::Connection& connection,
                                                               const std::vector<std::string>& ids);

}  // namespace devy::web
