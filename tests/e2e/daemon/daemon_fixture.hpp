#pragma once
// The real daemon on a database and a git server of a test's own. What it did is judged by its log,
// by SQL through psql, by what a service manager hears, and by the oracle.

#include <gtest/gtest.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "tests/support/git/git_http_server.hpp"
#include "tests/support/git/git_repository.hpp"
#include "tests/support/postgres/postgres.hpp"
#include "tests/support/process/datagram_socket.hpp"
#include "tests/support/process/program.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::testing {

// A door at the git server: who comes to fetch waits before it until it is opened.
class Door {
 public:
  void pass();
  void open();
  void close();
  // Until so many in all have come to the door.
  void wait_for_visitors(int count);

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_open_ = true;
  int visitors_ = 0;
};

struct HttpAnswer {
  int status = 0;
  std::string body;
};

class DaemonFixture : public ::testing::Test {
 protected:
  DaemonFixture();
  ~DaemonFixture() override;

  // Writes the configuration: what every test needs, and then these lines.
  void configure(const std::string& toml);
  // A blog of a new account, of a repository with one commit; returns "user1/blog".
  std::string new_blog();
  // Many with the same commit.
  std::vector<std::string> new_blogs(int count);
  // The id of a new upload.
  std::string trigger(const std::string& blog);
  // Its worker has begun, and stands before the closed door.
  std::string trigger_and_hold(const std::string& blog);
  [[nodiscard]] ProgramCall daemon_call() const;
  // Started, and heard to be ready.
  [[nodiscard]] std::unique_ptr<Program> start();
  // As many as `count`, each with its own sockets, heard to be ready.
  [[nodiscard]] std::vector<std::unique_ptr<Program>> start_many(int count);
  // Where the n-th of them, from 0, hears webhooks.
  [[nodiscard]] std::string listener_of(int n) const;
  // Sends SIGTERM, expects exit status 0, and gives back what it logged.
  std::string stop(Program& daemon);

  [[nodiscard]] std::string state_of(const std::string& id) const;
  // "1 completed": its attempt and its state.
  [[nodiscard]] std::string fate_of(const std::string& id) const;
  static void wait_until_ended(Program& daemon, const std::string& id, int attempt,
                               const std::string& state);
  // Of whoever holds its lease.
  [[nodiscard]] pid_t worker_of(const std::string& id) const;
  // One line for each promise that does not hold: the queue's invariants, and each blog's posts.
  // Of every so many blogs, where there are too many for all.
  [[nodiscard]] std::vector<std::string> broken_promises(int every = 1) const;

  // GET on the admin address.
  [[nodiscard]] HttpAnswer get(const std::string& path) const;
  // Until the answer has that status and that text in it; throws when it takes too long.
  void wait_for_answer(const std::string& path, int status, const std::string& text) const;

  // The account, and its blog of the repository of that name.
  std::string connect(const std::string& name);

  TempFolder folder_;
  TestDatabase database_;
  Door door_;
  std::unique_ptr<GitHttpServer> server_;
  DatagramSocket service_manager_;
  std::vector<std::unique_ptr<GitRepository>> authors_;
};

}  // namespace devy::testing
