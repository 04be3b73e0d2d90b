#include <libpq-fe.h>

#include "core/platform/pg/connection.hpp"
#include "core/platform/pg/parameter_arrays.hpp"

// Pipeline mode (connection.hpp): many statements, few round trips.

namespace devy::pg {
namespace {

using base::Error;

// A pipeline is synchronised this often: the server's answers then never fill its send buffer while
// ours is full, and an error is noticed soon (traps.md measured 200 as fastest).
constexpr std::size_t sync_every = 200;

}  // namespace

// Reads up to a pipeline's synchronisation, where what ran outside a transaction is committed.
// Null when nothing went wrong there.
pg_result* Connection::error_at_sync(const Statement& statement) {
  pg_result* error = nullptr;
  // The error, the null that ends it, and the synchronisation itself.
  for (int n = 0; n < 3; ++n) {
    auto* next = wait_result(statement);
    const auto status = PQresultStatus(next);
    if (status == PGRES_FATAL_ERROR && error == nullptr) error = next;
    else PQclear(next);
    if (status == PGRES_PIPELINE_SYNC) break;
  }
  return error;
}

void Connection::begin_pipeline() {
  send_pending_begin();
  if (PQenterPipelineMode(connection_.get()) == 0) throw_lost("begin_pipeline");
  unsynced_ = 0;
  was_cancelled_ = false;
  pending_.clear();
  parsed_ = nullptr;
}

void Connection::push(const Statement& statement, const Params& params) {
  auto* raw = connection_.get();
  // The unnamed statement is the only kind of prepared statement that a pooling proxy passes on and
  // that need not be deallocated.
  if (parsed_ != &statement) {
    if (PQsendPrepare(raw, "", statement.sql, 0, nullptr) == 0) throw_lost(statement.name);
    parsed_ = &statement;
    pending_.push_back(&statement);
  }
  const ParameterArrays values(statement, params);
  if (PQsendQueryPrepared(raw, "", values.count(), values.data(), values.lengths(),
                          values.formats(), 0) == 0)
    throw_lost(statement.name);
  pending_.push_back(&statement);
  if (++unsynced_ >= sync_every) drain_pipeline();
}

// Reads every answer up to the sync point; throws the first error after all are read.
void Connection::drain_pipeline() {
  auto* raw = connection_.get();
  if (PQpipelineSync(raw) == 0) throw_lost("pipeline");
  std::exception_ptr failure;
  for (const auto* statement : pending_) {
    auto* answer = wait_result(*statement);
    if (answer != nullptr && PQresultStatus(answer) == PGRES_PIPELINE_ABORTED) {
      PQclear(answer);
    } else {
      try {
        static_cast<void>(finish(answer, *statement));
      } catch (const Error&) {
        if (!failure) failure = std::current_exception();
        if (!is_usable()) std::rethrow_exception(failure);
      }
    }
    while (auto* end = wait_result(*statement))
      PQclear(end);  // the null that ends each statement
  }
  const Statement sync{"pipeline", ""};
  if (auto* error = error_at_sync(sync)) {
    try {
      static_cast<void>(finish(error, sync));
    } catch (const Error&) {
      if (!failure) failure = std::current_exception();
    }
  }
  pending_.clear();
  unsynced_ = 0;
  if (failure) {
    PQexitPipelineMode(raw);
    std::rethrow_exception(failure);
  }
}

void Connection::end_pipeline() {
  drain_pipeline();
  if (PQexitPipelineMode(connection_.get()) == 0) throw_lost("end_pipeline");
}

void Connection::abandon_pipeline() noexcept {
  if (!is_usable() || PQpipelineStatus(connection_.get()) == PQ_PIPELINE_OFF) return;
  try {
    end_pipeline();
  } catch (const Error&) {
    // The error that is being handled already tells more.
  }
}

}  // namespace devy::pg
