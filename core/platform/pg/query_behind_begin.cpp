#include <libpq-fe.h>

#include <utility>

#include "core/platform/pg/connection.hpp"

// Statements that travel with others before them, in a pipeline of one round trip:
// - BEGIN, with the first statement of a transaction;
// - through a proxy that hands server sessions on after each transaction, the settings. Those that
//   were sent at connect stay behind with another client's session, so they are sent with each
//   transaction, and hold until its end.

namespace devy::pg {
namespace {

constexpr Statement begin{"begin", "begin"};
constexpr Statement rollback{"rollback", "rollback"};

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
  if (PQpipelineSync(raw) == 0) throw_lost(statement.name);

  pg_result* answer = nullptr;
  for (std::size_t n = 0; n <= before.size(); ++n) {
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
