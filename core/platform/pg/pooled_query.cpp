#include <libpq-fe.h>

#include "core/platform/pg/connection.hpp"

// Statements through a proxy that hands server sessions on after each transaction: settings that
// were sent at connect stay behind with another client's session. So they travel with each
// transaction: in a pipeline with the statement, which is one transaction and one round trip. Where
// the statement is `begin` they hold until its end.

namespace devy::pg {

Result Connection::query_pooled(const Statement& statement, const Params& params) {
  auto* raw = connection_.get();
  if (PQenterPipelineMode(raw) == 0 ||
      PQsendQueryParams(raw, transaction_settings_.c_str(), 0, nullptr, nullptr, nullptr, nullptr,
                        0) == 0)
    throw_lost(statement.name);
  send(statement, params);
  if (PQpipelineSync(raw) == 0) throw_lost(statement.name);

  pg_result* answer = nullptr;  // the statement's, or the error that kept it from being run
  for (int n = 0; n < 2; ++n) {
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
  return finish(answer, statement);
}

}  // namespace devy::pg
