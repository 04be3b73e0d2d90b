#include <utility>

#include "core/platform/base/error.hpp"
#include "core/platform/pg/connection.hpp"

// A transaction of a session (connection.hpp).

namespace devy::pg {

using base::Error;
using base::ErrorKind;

namespace {
constexpr Statement commit_statement{"commit", "commit"};
constexpr Statement rollback_statement{"rollback", "rollback"};
}  // namespace

Transaction::Transaction(Connection& connection) : connection_(connection) {
  connection_.begin_with_next();
}

Transaction::~Transaction() {
  rollback();
}

void Transaction::commit() {
  is_open_ = false;
  // Nothing was done in it.
  if (std::exchange(connection_.is_begin_pending_, false)) return;
  try {
    connection_.execute(commit_statement);
  } catch (const Error& error) {
    if (connection_.is_usable()) throw;
    throw Error(ErrorKind::unavailable, error.text(), error.hint(), "commit_unknown");
  }
}

void Transaction::commit_with(const Statement& last, const Params& params) {
  connection_.send_pending_begin();
  try {
    connection_.query_before_commit(last, params);
    is_open_ = false;
  } catch (const Error& error) {
    if (connection_.is_usable()) throw;
    is_open_ = false;
    throw Error(ErrorKind::unavailable, error.text(), error.hint(), "commit_unknown");
  }
}

void Transaction::rollback() noexcept {
  if (!is_open_) return;
  is_open_ = false;
  if (std::exchange(connection_.is_begin_pending_, false)) return;
  // Within a pipeline the transaction's state is not known, and nothing would be answered.
  connection_.abandon_pipeline();
  try {
    if (connection_.is_usable() && connection_.in_transaction())
      connection_.execute(rollback_statement);
  } catch (const Error&) {
    // A session that cannot roll back is lost, and the server rolls back by itself.
  }
}

}  // namespace devy::pg
