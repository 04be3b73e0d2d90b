#pragma once
// A real PostgreSQL for tests: one throw-away private cluster a test program, started by the first
// use, stopped at exit (also when the program is killed), and a fresh database for each test,
// copied from one that has schema.sql loaded.
//
// SQL goes through psql, or a session of libpq's that prints the same, so that what judges the
// product shares no code with it. Everything throws std::runtime_error with psql's words. One
// thread at a time, but for TestDatabase's own methods.

#include <sys/types.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/cluster/private_cluster.hpp"
#include "tests/support/postgres/cluster_folder.hpp"
#include "tests/support/postgres/sql_sessions.hpp"

namespace devy::testing {

class PostgresServer {
 public:
  PostgresServer() : PostgresServer(nullptr) {}
  // A streaming standby: it has all that the primary has by now, and follows it.
  [[nodiscard]] static std::unique_ptr<PostgresServer> standby_of(PostgresServer& primary);
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;
  ~PostgresServer();

  [[nodiscard]] std::string conninfo(std::string_view database) const;
  [[nodiscard]] const cluster::ClusterPaths& paths() const { return paths_; }
  [[nodiscard]] std::string socket_path() const;
  [[nodiscard]] pid_t pid() const;
  // One statement, in the database postgres.
  void execute(const std::string& sql);

  // Faults. Databases outlive them; start() after stop(). immediate is a crash.
  void stop(cluster::StopMode mode = cluster::StopMode::immediate);
  void start();
  void restart(cluster::StopMode mode = cluster::StopMode::immediate);
  // The server and its sessions stand still: connections are accepted, nothing answers.
  void pause();
  void resume();

  // Of a primary that has a standby: whether each commit waits until the standby has it, from now
  // on. Survives a restart.
  void commit_synchronously(bool is_synchronous);
  // Of a standby: takes writes from now on.
  void promote();

  // Made once, by the first caller.
  [[nodiscard]] const std::string& template_with_schema();

 private:
  explicit PostgresServer(PostgresServer* primary);
  void start_reaper();
  void copy_from(PostgresServer& primary);
  void signal_all(int number) const;
  ClusterFolder folder_;
  cluster::ClusterPaths paths_;
  std::string template_name_;
  SqlSessions sessions_;
  int reaper_pipe_ = -1;
  bool is_paused_ = false, has_standbys_ = false;
};

// This program's server. Start it from the main thread.
[[nodiscard]] PostgresServer& postgres();

enum class Contents { schema, nothing };

// A database of its own; dropped, with whoever is still connected, at the end.
class TestDatabase {
 public:
  explicit TestDatabase(Contents contents = Contents::schema);
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;
  ~TestDatabase();

  [[nodiscard]] const std::string& name() const { return name_; }
  // It is there too, by replication, and asked there from now on. It stays until that server goes.
  void move_to(const PostgresServer& server);
  [[nodiscard]] std::string conninfo() const;

  // Several statements are several transactions, unless the text says begin and commit.
  void execute(std::string_view sql) const;
  // The first column of the only row; empty for null.
  [[nodiscard]] std::string scalar(std::string_view sql) const;
  [[nodiscard]] long number(std::string_view sql) const;
  // Each row as psql -A prints it: columns joined by '|'.
  [[nodiscard]] std::vector<std::string> rows(std::string_view sql) const;
  // Loads a file of SQL.
  void load(const std::string& path) const;

 private:
  [[nodiscard]] std::string ask(std::string_view sql) const;
  std::string name_;
  const PostgresServer* server_;
  mutable SqlSessions sessions_;
};

}  // namespace devy::testing
