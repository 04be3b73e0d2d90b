#include "core/pg/connection.hpp"

#include <libpq-fe.h>
#include <poll.h>

#include <array>
#include <cerrno>

#include "core/base/fault_point.hpp"
#include "core/base/secret.hpp"
#include "core/pg/sql_error.hpp"

namespace devy::pg {
namespace {

using base::Error;
using base::ErrorKind;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

// A pipeline is synchronised this often: the server's answers then never fill its send buffer while
// ours is full, and an error is noticed soon (traps.md measured 200 as fastest).
constexpr std::size_t sync_every = 200;

bool wait_socket(int socket, short events, milliseconds timeout) {
  pollfd waiting{socket, events, 0};
  const auto until = steady_clock::now() + timeout;
  for (;;) {
    const auto left = std::chrono::duration_cast<milliseconds>(until - steady_clock::now());
    const int ready = poll(&waiting, 1, static_cast<int>(std::max<long>(left.count(), 0)));
    if (ready > 0) return true;
    if (ready == 0) return false;
    if (errno != EINTR) return true;  // libpq will see what is wrong with it
  }
}

// A proxy that hands sessions on invents the process id that clients see.
constexpr Statement backend_pid{"backend_pid", "select pg_backend_pid() as pid"};
constexpr std::size_t prepared_max = 64;  // a session

std::string ms(std::chrono::milliseconds value) {
  return std::to_string(value.count());
}

// What every session is set to, or, behind a pooling proxy, every transaction; "options" would be
// refused by such a proxy.
std::string settings_call(const config::Database& settings, bool is_for_transaction) {
  const std::string end = is_for_transaction ? "', true)" : "', false)";
  const auto set = [&](const std::string& name, const std::string& value) {
    return "set_config('" + name + "', '" + value + end;
  };
  return "select " + set("statement_timeout", ms(settings.statement_timeout)) + ", " +
         set("lock_timeout", ms(settings.lock_timeout)) + ", " +
         set("idle_in_transaction_session_timeout", ms(settings.idle_in_transaction_timeout)) +
         ", " + set("timezone", "UTC") + ", " + set("datestyle", "ISO") + ", " +
         set("search_path", "devy, pg_temp") + ", " + set("client_min_messages", "warning") + ", " +
         set("jit", "off");
}

}  // namespace

void Connection::Finish::operator()(pg_conn* connection) const {
  PQfinish(connection);
}

Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;
Connection::~Connection() = default;

Connection Connection::open(const std::string& conninfo, const config::Database& settings,
                            std::string_view role) {
  const auto timeout = std::to_string(std::max<long>(settings.connect_timeout.count(), 2));
  const auto user_timeout = ms(settings.tcp_user_timeout);
  const auto name = "devy-upload/" + std::string(role);
  // What the conninfo says comes later and wins.
  const std::array<const char*, 8> keys{
      "connect_timeout",      "tcp_user_timeout", "keepalives_idle", "fallback_application_name",
      "target_session_attrs", "client_encoding",  "dbname",          nullptr};
  const std::array<const char*, 8> values{
      timeout.c_str(), user_timeout.c_str(), "10",   name.c_str(), "read-write",
      "UTF8",          conninfo.c_str(),     nullptr};
  Connection opened;
  opened.connection_.reset(PQconnectdbParams(keys.data(), values.data(), 1));
  opened.deadline_ = settings.statement_timeout + std::chrono::seconds(5);
  if (PQstatus(opened.connection_.get()) != CONNECTION_OK)
    throw connect_error(base::redact(PQerrorMessage(opened.connection_.get())));
  PQsetnonblocking(opened.connection_.get(), 0);
  opened.is_direct_ = true;  // until it is known
  opened.is_direct_ =
      opened.one(backend_pid)[0].integer("pid") == PQbackendPID(opened.connection_.get());
  if (opened.is_direct_) opened.run_script("session_settings", settings_call(settings, false));
  else opened.transaction_settings_ = settings_call(settings, true);
  return opened;
}

void Connection::throw_lost(const char* statement) {
  const std::string cause = base::redact(PQerrorMessage(connection_.get()));
  throw Error(ErrorKind::unavailable,
              std::string("unable to run '") + statement + "': " + first_line(cause),
              "Check that PostgreSQL is running and reachable: `devy-upload doctor`.",
              "database_unavailable");
}

// A commit that waited for a synchronous standby and was cancelled is told as done, and is on the
// primary alone: a failover would lose what somebody took for safe.
void Connection::throw_unsafe(const char* statement) {
  throw Error(
      ErrorKind::unavailable, std::string("unable to wait for '") + statement + "' any longer",
      "Check what PostgreSQL waits for: locks, its disk, a synchronous standby.", "commit_unknown");
}

namespace {

// libpq wants an array of C strings; this one lives on the stack of a call.
class Pointers {
 public:
  Pointers(const Statement& statement, const Params& params) {
    const auto& values = params.values();
    if (values.size() > pointers_.size())
      throw Error(ErrorKind::internal, std::string("too many parameters for ") + statement.name);
    for (std::size_t i = 0; i < values.size(); ++i)
      pointers_[i] = values[i] ? values[i]->c_str() : nullptr;
    count_ = static_cast<int>(values.size());
  }
  [[nodiscard]] const char* const* data() const { return pointers_.data(); }
  [[nodiscard]] int count() const { return count_; }

 private:
  std::array<const char*, 48> pointers_{};
  int count_ = 0;
};

}  // namespace

// The name under which the session knows a hot statement; null: send its text. The first time a
// statement comes it is sent as text, so that whoever needs it once pays nothing.
const char* Connection::prepared_name(const Statement& statement) {
  if (!statement.is_hot || !is_direct_) return nullptr;
  const auto [known, is_new] = prepared_.try_emplace(statement.sql);
  if (is_new || prepared_.size() > prepared_max) return nullptr;
  if (known->second.empty()) {
    const std::string name = "devy_" + std::to_string(prepared_.size()) + "_" + statement.name;
    if (PQsendPrepare(connection_.get(), name.c_str(), statement.sql, 0, nullptr) == 0)
      throw_lost(statement.name);
    static_cast<void>(finish(answer_of(statement), statement));
    known->second = name;
  }
  return known->second.c_str();
}

void Connection::send(const Statement& statement, const Params& params) {
  const Pointers values(statement, params);
  const char* name = prepared_name(statement);
  const int sent = name != nullptr
                       ? PQsendQueryPrepared(connection_.get(), name, values.count(), values.data(),
                                             nullptr, nullptr, 0)
                       : PQsendQueryParams(connection_.get(), statement.sql, values.count(),
                                           nullptr, values.data(), nullptr, nullptr, 0);
  if (sent == 0) throw_lost(statement.name);
}

// Whether the server refused a prepared statement because it no longer knows it or because a
// function changed its result since: nothing was done then, and what is prepared is forgotten.
bool Connection::forget_stale(const Statement& statement, const pg_result* answer) {
  if (!statement.is_hot || PQresultStatus(answer) != PGRES_FATAL_ERROR) return false;
  const char* state = PQresultErrorField(answer, PG_DIAG_SQLSTATE);
  if (state == nullptr ||
      (std::string_view(state) != "26000" && std::string_view(state) != "0A000"))
    return false;
  prepared_.clear();
  return !in_transaction();
}

// The next result, waiting at most the deadline; past it the statement is cancelled on the server.
pg_result* Connection::wait_result(const Statement& statement) {
  auto* raw = connection_.get();
  was_cancelled_ = false;
  while (PQisBusy(raw) != 0) {
    if (wait_socket(PQsocket(raw), POLLIN, was_cancelled_ ? milliseconds(5'000) : deadline_)) {
      if (PQconsumeInput(raw) == 0) throw_lost(statement.name);
      continue;
    }
    if (was_cancelled_) throw_lost(statement.name);
    was_cancelled_ = true;
    std::array<char, 256> message{};
    auto* cancel = PQgetCancel(raw);
    PQcancel(cancel, message.data(), static_cast<int>(message.size()));
    PQfreeCancel(cancel);
  }
  return PQgetResult(raw);
}

// The one result of a statement outside a pipeline.
pg_result* Connection::answer_of(const Statement& statement) {
  auto* raw = wait_result(statement);
  while (auto* extra = PQgetResult(connection_.get()))
    PQclear(extra);
  return raw;
}

Result Connection::finish(pg_result* raw, const Statement& statement) {
  if (raw == nullptr) throw_lost(statement.name);
  Result result(raw, statement.name);
  const auto status = PQresultStatus(raw);
  if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_EMPTY_QUERY) {
    if (was_cancelled_) throw_unsafe(statement.name);
    return result;
  }
  if (PQstatus(connection_.get()) != CONNECTION_OK) throw_lost(statement.name);
  throw sql_error(statement.name, raw);
}

Result Connection::query(const Statement& statement, const Params& params) {
  if (!is_usable()) throw_lost(statement.name);
  if (!is_direct_ && !in_transaction()) return query_pooled(statement, params);
  send(statement, params);
  if constexpr (base::has_fault_points)
    if (std::string_view(statement.name) == "commit") base::fault_point("W11");
  auto* raw = answer_of(statement);
  if (forget_stale(statement, raw)) {
    PQclear(raw);
    send(statement, params);
    raw = answer_of(statement);
  }
  return finish(raw, statement);
}

Result Connection::one(const Statement& statement, const Params& params) {
  auto result = query(statement, params);
  if (result.size() != 1)
    throw Error(ErrorKind::internal, std::string("unable to use the answer of '") + statement.name +
                                         "': expected one row, got " +
                                         std::to_string(result.size()));
  return result;
}

std::optional<Result> Connection::maybe(const Statement& statement, const Params& params) {
  auto result = query(statement, params);
  if (result.empty()) return std::nullopt;
  if (result.size() > 1)
    throw Error(ErrorKind::internal, std::string("unable to use the answer of '") + statement.name +
                                         "': expected at most one row");
  return result;
}

std::int64_t Connection::execute(const Statement& statement, const Params& params) {
  return query(statement, params).affected();
}

void Connection::run_script(const char* name, std::string_view sql) {
  if (PQsendQuery(connection_.get(), std::string(sql).c_str()) == 0) throw_lost(name);
  const Statement statement{name, ""};
  // A script answers once a statement; the first error decides, the rest is drained.
  std::exception_ptr failure;
  while (auto* raw = wait_result(statement)) {
    try {
      static_cast<void>(finish(raw, statement));
    } catch (const Error&) {
      if (!failure) failure = std::current_exception();
      if (!is_usable()) break;
    }
  }
  if (failure) std::rethrow_exception(failure);
}

void Connection::begin_pipeline() {
  if (PQenterPipelineMode(connection_.get()) == 0) throw_lost("begin_pipeline");
  unsynced_ = 0;
  pending_.clear();
  parsed_ = nullptr;
}

void Connection::push(const Statement& statement, const Params& params) {
  auto* raw = connection_.get();
  // The unnamed statement is the one kind of prepared statement that a pooling proxy passes on and
  // that nobody has to take away again.
  if (parsed_ != &statement) {
    if (PQsendPrepare(raw, "", statement.sql, 0, nullptr) == 0) throw_lost(statement.name);
    parsed_ = &statement;
    pending_.push_back(&statement);
  }
  const Pointers values(statement, params);
  if (PQsendQueryPrepared(raw, "", values.count(), values.data(), nullptr, nullptr, 0) == 0)
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
  if (auto* sync = wait_result(Statement{"pipeline", ""})) PQclear(sync);
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
    // The error that is under way already tells more.
  }
}

bool Connection::wait_notification(milliseconds timeout) {
  auto* raw = connection_.get();
  const auto take = [&] {
    bool found = false;
    while (auto* notification = PQnotifies(raw)) {
      PQfreemem(notification);
      found = true;
    }
    return found;
  };
  if (take()) return true;
  if (!wait_socket(PQsocket(raw), POLLIN, timeout)) return false;
  if (PQconsumeInput(raw) == 0) throw_lost("wait_notification");
  return take();
}

int Connection::socket() const {
  return PQsocket(connection_.get());
}

bool Connection::is_usable() const {
  return connection_ && PQstatus(connection_.get()) == CONNECTION_OK;
}

bool Connection::in_transaction() const {
  const auto status = PQtransactionStatus(connection_.get());
  return status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
}

std::string Connection::server_description() const {
  const auto* raw = connection_.get();
  return std::string(PQhost(raw)) + ":" + PQport(raw) + "/" + PQdb(raw);
}

}  // namespace devy::pg
