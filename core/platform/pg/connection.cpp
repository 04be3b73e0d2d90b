#include "core/platform/pg/connection.hpp"

#include <libpq-fe.h>
#include <poll.h>

#include <array>
#include <cerrno>
#include <future>
#include <system_error>
#include <thread>

#include "core/platform/base/fault_point.hpp"
#include "core/platform/base/secret.hpp"
#include "core/platform/pg/parameter_arrays.hpp"
#include "core/platform/pg/sql_error.hpp"

namespace devy::pg {
namespace {

using base::Error;
using base::ErrorKind;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

bool wait_socket(int socket, short events, steady_clock::time_point until) {
  pollfd waiting{socket, events, 0};
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
constexpr std::size_t grown_bytes_min = 4UL * 1024 * 1024;
constexpr milliseconds cancel_patience{5'000};

// Returns whether the server has taken the cancel request within that time. libpq sends it over a
// connection of its own and waits without a bound. When the network is silent, a thread is left
// behind to wait for it, which uses only what it holds itself.
bool ask_to_cancel(PGconn* connection) {
  struct Asking {
    explicit Asking(PGcancel* of) : cancel(of) {}
    Asking(const Asking&) = delete;
    Asking& operator=(const Asking&) = delete;
    ~Asking() { PQfreeCancel(cancel); }
    PGcancel* const cancel;
    std::promise<bool> answered;
  };
  // The thread is the second owner: it may be left behind.
  const auto asking = std::make_shared<Asking>(PQgetCancel(connection));
  if (asking->cancel == nullptr) return false;
  auto answer = asking->answered.get_future();
  try {
    std::thread([asking] {
      std::array<char, 256> message{};
      asking->answered.set_value(
          PQcancel(asking->cancel, message.data(), static_cast<int>(message.size())) != 0);
    }).detach();
  } catch (const std::system_error&) {
    return false;  // no thread to be had: the session is given up instead
  }
  return answer.wait_for(cancel_patience) == std::future_status::ready && answer.get();
}

std::string ms(std::chrono::milliseconds value) {
  return std::to_string(value.count());
}

// The settings of every session or, behind a pooling proxy, of every transaction; such a proxy
// would refuse "options".
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
  // A client that waits for a reply sends nothing that could remain unacknowledged, so keepalive
  // probes detect a network that drops everything: two probes, within the same time.
  const auto third = std::max<long>(settings.tcp_user_timeout.count() / 3, 1);
  const auto idle = std::to_string(2 * third), interval = std::to_string(third);
  const auto name = "devy-upload/" + std::string(role);
  // The settings of the conninfo come later and take precedence.
  const std::array<const char*, 9> keys{"connect_timeout",
                                        "tcp_user_timeout",
                                        "keepalives_idle",
                                        "keepalives_interval",
                                        "fallback_application_name",
                                        "target_session_attrs",
                                        "client_encoding",
                                        "dbname",
                                        nullptr};
  const std::array<const char*, 9> values{timeout.c_str(),  user_timeout.c_str(), idle.c_str(),
                                          interval.c_str(), name.c_str(),         "read-write",
                                          "UTF8",           conninfo.c_str(),     nullptr};
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

// The session is not used again, because the reply to an earlier statement might still arrive.
void Connection::throw_silent(const char* statement) {
  connection_.reset();
  throw Error(ErrorKind::unavailable,
              std::string("unable to run '") + statement + "': the server has stopped answering",
              "Check the network between here and PostgreSQL: `devy-upload doctor`.",
              "database_unavailable");
}

// A commit that was cancelled while it waited for a synchronous standby is reported as done, but
// exists on the primary only: a failover would lose data that a client took for safe.
void Connection::throw_unsafe(const char* statement) {
  throw Error(
      ErrorKind::unavailable, std::string("unable to wait for '") + statement + "' any longer",
      "Check what PostgreSQL waits for: locks, its disk, a synchronous standby.", "commit_unknown");
}

// Returns the name under which the session knows a hot statement; null means to send its text. A
// statement is sent as text the first time, so that one that is used once costs nothing extra.
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
  send_as(prepared_name(statement), statement, params);
}

void Connection::send_as(const char* name, const Statement& statement, const Params& params) {
  const ParameterArrays values(statement, params);
  was_cancelled_ = false;
  has_grown_ |= values.bytes() > grown_bytes_min;
  const int form = statement.is_binary ? 1 : 0;
  const int sent =
      name != nullptr ? PQsendQueryPrepared(connection_.get(), name, values.count(), values.data(),
                                            values.lengths(), values.formats(), form)
                      : PQsendQueryParams(connection_.get(), statement.sql, values.count(), nullptr,
                                          values.data(), values.lengths(), values.formats(), form);
  if (sent == 0) throw_lost(statement.name);
}

// Whether the server refused a prepared statement because it no longer knows it or because a
// function changed its result since: nothing was done then, and what is prepared is forgotten.
// Within a transaction only the caller can begin anew.
bool Connection::forget_stale(const Statement& statement, const pg_result* answer) {
  if (!statement.is_hot || PQresultStatus(answer) != PGRES_FATAL_ERROR) return false;
  const char* state = PQresultErrorField(answer, PG_DIAG_SQLSTATE);
  if (state == nullptr ||
      (std::string_view(state) != "26000" && std::string_view(state) != "0A000"))
    return false;
  prepared_.clear();
  return true;
}

// The next result, waiting at most the deadline; past it the statement is cancelled on the server.
pg_result* Connection::wait_result(const Statement& statement) {
  auto* raw = connection_.get();
  auto until = steady_clock::now() + (was_cancelled_ ? cancel_patience : deadline_);
  while (PQisBusy(raw) != 0) {
    if (wait_socket(PQsocket(raw), POLLIN, until)) {
      if (PQconsumeInput(raw) == 0) throw_lost(statement.name);
      continue;
    }
    if (was_cancelled_ || !ask_to_cancel(raw)) throw_silent(statement.name);
    was_cancelled_ = true;
    until = steady_clock::now() + cancel_patience;
  }
  return PQgetResult(raw);
}

// Returns the single result of a statement outside a pipeline. Rows may have arrived although the
// commit that follows them fails or gets no reply: an error after the rows is the result.
pg_result* Connection::answer_of(const Statement& statement) {
  const auto clear = [](pg_result* result) { PQclear(result); };
  std::unique_ptr<pg_result, decltype(clear)> answer(wait_result(statement), clear);
  while (auto* next = wait_result(statement)) {
    const bool is_error = PQresultStatus(next) == PGRES_FATAL_ERROR;
    if (is_error) answer.reset(next);
    else PQclear(next);
  }
  return answer.release();
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
  if (is_begin_pending_ || (!is_direct_ && !in_transaction()))
    return query_behind_begin(statement, params);
  send(statement, params);
  if constexpr (base::has_fault_points)
    if (std::string_view(statement.name) == "commit") base::fault_point("after_commit_sent");
  auto* raw = answer_of(statement);
  if (forget_stale(statement, raw) && !in_transaction()) {
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
  send_pending_begin();
  if (PQsendQuery(connection_.get(), std::string(sql).c_str()) == 0) throw_lost(name);
  const Statement statement{name, ""};
  was_cancelled_ = false;
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
  if (!wait_socket(PQsocket(raw), POLLIN, steady_clock::now() + timeout)) return false;
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
