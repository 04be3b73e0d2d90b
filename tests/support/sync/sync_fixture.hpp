#pragma once
// A database, the stand-in of GitHub with the repository alice/notes, and what runs sync's and the
// mirror's operations in this process, for tests of sync. One thread.

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/platform/config/config.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/operation.hpp"
#include "tests/support/github/github_state.hpp"
#include "tests/support/postgres/postgres.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::testing {

class SyncFixture : public ::testing::Test {
 protected:
  SyncFixture();

  // Runs what waits, in both lanes and in turns, until nothing is due any more.
  void run_all();
  // Waits for nothing: what is due now in one lane. Returns how many operations ran.
  int run_lane(std::string_view lane);
  // Takes in what GitHub has said since the last time, as deliveries of the App.
  void deliver();
  // Makes accounts and the project alice/site.
  void add_project();
  // Connects alice/notes from the command line, and returns the connection.
  std::string connect(const std::string& export_mode = "none", bool is_approved = true);
  void control(std::string_view acts) { static_cast<void>(github_.control(acts)); }
  [[nodiscard]] pg::Connection open() const {
    return pg::Connection::open(database_.conninfo(), {}, "test");
  }
  [[nodiscard]] std::string scalar(const std::string& sql) const { return database_.scalar(sql); }
  [[nodiscard]] std::string state_of_connection() const;
  // GitHub's number of the repository.
  [[nodiscard]] std::int64_t repository_id() const;

  TempFolder folder_;
  TestDatabase database_;
  GithubState github_;
  config::Config config_;
  std::string project_;
};

}  // namespace devy::testing
