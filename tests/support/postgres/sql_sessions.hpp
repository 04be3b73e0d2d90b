#pragma once
// One statement of SQL as psql would run it, without the cost of a process and a new session each
// time: many tests ask hundreds of questions.

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

struct pg_conn;

namespace devy::testing {

// Sessions of one database that stay open between statements. Any thread.
class SqlSessions {
 public:
  SqlSessions() = default;
  SqlSessions(const SqlSessions&) = delete;
  SqlSessions& operator=(const SqlSessions&) = delete;
  ~SqlSessions() = default;

  // Whether `sql` is one statement that leaves nothing in its session, alone or after
  // `set search_path = devy;`, which then holds for it alone. Anything else is for psql.
  [[nodiscard]] static bool can_run(std::string_view sql);
  // Runs `statement` and returns what psql -XAt prints; throws std::runtime_error with the message
  // that psql prints. A session that broke since its last statement is replaced.
  [[nodiscard]] std::string run(const std::string& conninfo, const std::string& statement);
  // The next statement finds a new session, with the settings that are there by then.
  void close_idle();

 private:
  struct Close {
    void operator()(pg_conn* session) const;
  };
  using Session = std::unique_ptr<pg_conn, Close>;
  static Session open(const std::string& conninfo);
  Session idle_session();
  std::mutex mutex_;
  std::vector<Session> idle_;
};

}  // namespace devy::testing
