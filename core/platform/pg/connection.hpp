#pragma once
// A session with PostgreSQL. Parameters are typed and sent as text, each call states the shape of
// its result, every error names its statement, and every wait is bounded. It works behind a
// transaction-pooling proxy, because nothing here outlives a transaction. Hot statements are
// prepared, and settings sent only once, when the server itself is at the other end; otherwise they
// are sent with each transaction.
//
// Move-only; one thread at a time. Throws Error:
//   unavailable "database_unavailable"  away, or lost in the middle (the transaction's fate unknown
//                                       only if COMMIT was sent: see Transaction::commit)
//   unavailable "commit_unknown"        took longer than anybody waits; done, but perhaps not safe
//   busy        "database_busy"         lock or statement timeout, deadlock, serialization failure
//   denied      "database_denied"       no permission, wrong password
//   conflict    a unique or check constraint, or a DV… code of schema.sql (code() is the SQLSTATE)
//   internal    anything else

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/platform/base/error.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/pg/result.hpp"
#include "core/platform/pg/statement.hpp"

struct pg_conn;

namespace devy::pg {

class Connection {
 public:
  // `conninfo` is anything that libpq accepts, including multi-host strings and service files;
  // several hosts imply target_session_attrs=read-write unless it is set. `role` appears in
  // application_name.
  [[nodiscard]] static Connection open(const std::string& conninfo,
                                       const config::Database& settings, std::string_view role);
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;
  ~Connection();

  Result query(const Statement& statement, const Params& params = Params());
  // one() expects exactly one row, maybe() at most one; execute() is for statements whose rows are
  // ignored. More rows throw internal.
  Result one(const Statement& statement, const Params& params = Params());
  std::optional<Result> maybe(const Statement& statement, const Params& params = Params());
  std::int64_t execute(const Statement& statement, const Params& params = Params());
  // Runs several statements in one text without parameters: schema.sql and its upgrades.
  void run_script(const char* name, std::string_view sql);

  // Pipeline mode: many statements, few round trips. Between begin and end only push() may be
  // called; an error is thrown at the next sync (every `sync_every` pushes) or at end_pipeline(). A
  // statement that is pushed again right after itself is not parsed again.
  void begin_pipeline();
  void push(const Statement& statement, const Params& params);
  void end_pipeline();
  // For stack unwinding: leaves a pipeline that was not ended, and discards its results. Does
  // nothing when there is none.
  void abandon_pipeline() noexcept;

  // Waits for a notification on a channel this session listens to. Returns false on timeout.
  [[nodiscard]] bool wait_notification(std::chrono::milliseconds timeout);
  // True after a large parameter was sent; libpq's buffer stays that large from then on.
  [[nodiscard]] bool has_grown() const { return has_grown_; }
  // The descriptor, for poll(2) beside others.
  [[nodiscard]] int socket() const;
  [[nodiscard]] bool is_usable() const;  // false once the session was lost
  [[nodiscard]] bool in_transaction() const;
  // False behind a proxy that pools sessions; LISTEN does not work there.
  [[nodiscard]] bool is_direct() const { return is_direct_; }
  [[nodiscard]] std::string server_description() const;  // "host:port/database", no password

 private:
  Connection() = default;
  friend class Transaction;
  // BEGIN is sent with the next statement, so that a transaction takes no round trip for it.
  void begin_with_next() { is_begin_pending_ = true; }
  void send_pending_begin();
  Result finish(pg_result* raw, const Statement& statement);
  [[nodiscard]] pg_result* wait_result(const Statement& statement);
  [[nodiscard]] pg_result* answer_of(const Statement& statement);
  [[nodiscard]] pg_result* error_at_sync(const Statement& statement);
  void send(const Statement& statement, const Params& params);
  // `name`: of the prepared statement; null: its text is sent.
  void send_as(const char* name, const Statement& statement, const Params& params);
  Result query_behind_begin(const Statement& statement, const Params& params);
  void query_before_commit(const Statement& last, const Params& params);
  [[nodiscard]] pg_result* read_pipelined(const Statement& statement, std::size_t count);
  [[nodiscard]] pg_result* send_behind(const std::vector<const char*>& before, const char* name,
                                       const Statement& statement, const Params& params);
  [[nodiscard]] const char* prepared_name(const Statement& statement);
  [[nodiscard]] bool forget_stale(const Statement& statement, const pg_result* answer);
  void drain_pipeline();
  [[noreturn]] void throw_lost(const char* statement);
  [[noreturn]] void throw_silent(const char* statement);
  [[noreturn]] static void throw_unsafe(const char* statement);

  struct Finish {
    void operator()(pg_conn* connection) const;
  };
  std::unique_ptr<pg_conn, Finish> connection_;
  std::chrono::milliseconds deadline_{};  // client-side limit, above the server's statement_timeout
  std::size_t unsynced_ = 0;
  std::vector<const Statement*> pending_;
  bool was_cancelled_ = false;  // we have cancelled the statement or pipeline in progress
  bool has_grown_ = false;
  bool is_begin_pending_ = false;
  bool is_direct_ = false;  // there is no proxy, so prepared statements and settings persist
  std::string transaction_settings_;  // sent with each transaction when !is_direct_
  // Maps the SQL of hot statements to their names. An empty name means that the statement was used
  // once, and is prepared at its next use.
  std::unordered_map<std::string, std::string> prepared_;
  const Statement* parsed_ = nullptr;  // the session's unnamed statement while in a pipeline
};

// BEGIN … COMMIT. The destructor rolls back a transaction that was not committed.
class Transaction {
 public:
  explicit Transaction(Connection& connection);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  // Throws Error(unavailable, code "commit_unknown") when COMMIT was sent and the reply was lost:
  // the caller must then read the state it wrote (queue.md, rule 8), and never guess.
  void commit();
  // The transaction's last statement, whose rows nobody reads, and COMMIT, in one round trip. Where
  // the statement fails nothing is committed, and its error is thrown.
  void commit_with(const Statement& last, const Params& params);
  void rollback() noexcept;

 private:
  Connection& connection_;
  bool is_open_ = true;
};

}  // namespace devy::pg
