#include <libpq-fe.h>

#include <string_view>
#include <utility>

#include "core/platform/base/fault_point.hpp"
#include "core/platform/pg/connection.hpp"

// Statements that travel with others, in a pipeline of one round trip:
// - BEGIN, with the first statement of a transaction;
// - COMMIT, with the last one (Transaction::commit_with);
// - through a proxy that hands server sessions on after each transaction, the settings. Those that
//   were sent at connect stay behind with another client's session, so they are sent with each
//   transaction, and hold until its end.

namespace devy::pg {
namespace {

constexpr Statement begin{"begin", "begin"};
constexpr Statement rollback{"rollback", "rollback"};
constexpr Statement commit{"commit", "commit"};

}  // namespace

// Sends them together and returns the statement's answer, or the error that kept it from being run.
pg_result* Connection::send_behind(const std::vector<const char*>& before, const char* name,
                                   const Statement& statement, const Params& params) {
  auto* raw = connection_.get();
  if (PQenterPipelineMode(raw) == 0) throw_lost(statement.name);
  for (const auto* sql : before)
    if (PQsendQueryParams(raw, sql, 0, nullptr, nullptr, nullptr, nullptr, 0) == 0)
      throw_lost(statement.name);
  send_as(name, statement, params);
  return read_pipelined(statement, before.size() + 1);
}

// Ends the pipeline. Returns the answer of the last of `count` statements that was run: the error
// of one keeps those behind it from being run.
pg_result* Connection::read_pipelined(const Statement& statement, std::size_t count) {
  auto* raw = connection_.get();
  if (PQpipelineSync(raw) == 0) throw_lost(statement.name);
  if constexpr (base::has_fault_points)
    if (std::string_view(statement.name) == commit.name) base::fault_point("after_commit_sent");

  pg_result* answer = nullptr;
  for (std::size_t n = 0; n < count; ++n) {
    auto* one = wait_result(statement);
    if (one != nullptr && PQresultStatus(one) == PGRES_PIPELINE_ABORTED) {
      PQclear(one);
    } else {
      PQclear(answer);
      answer = one;
    }
    while (auto* end = wait_result(statement))
      PQclear(end);  // the null that ends each statement
  }
  if (auto* error = error_at_sync(statement)) {
    PQclear(answer);
    answer = error;
  }
  if (PQexitPipelineMode(raw) == 0) {
    PQclear(answer);
    throw_lost(statement.name);
  }
  return answer;
}

// A pipeline's errors name COMMIT: whether the last statement was run or not, what is lost is the
// transaction.
void Connection::query_before_commit(const Statement& last, const Params& params) {
  auto* raw = connection_.get();
  const auto* name = prepared_name(last);
  if (PQenterPipelineMode(raw) == 0) throw_lost(last.name);
  send_as(name, last, params);
  if (PQsendQueryParams(raw, commit.sql, 0, nullptr, nullptr, nullptr, nullptr, 0) == 0)
    throw_lost(last.name);
  auto* answer = read_pipelined(commit, 2);
  static_cast<void>(forget_stale(last, answer));
  static_cast<void>(finish(answer, commit));
}

Result Connection::query_behind_begin(const Statement& statement, const Params& params) {
  const bool begins = std::exchange(is_begin_pending_, false);
  std::vector<const char*> before;
  if (begins) before.push_back(begin.sql);
  if (!is_direct_) before.push_back(transaction_settings_.c_str());
  auto* answer = send_behind(before, prepared_name(statement), statement, params);
  if (begins && answer != nullptr && forget_stale(statement, answer)) {
    PQclear(answer);
    query(rollback, Params());
    answer = send_behind(before, nullptr, statement, params);
  }
  return finish(answer, statement);
}

void Connection::send_pending_begin() {
  if (!std::exchange(is_begin_pending_, false)) return;
  query(begin, Params());
}

}  // namespace devy::pg
