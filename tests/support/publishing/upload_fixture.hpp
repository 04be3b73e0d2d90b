#pragma once
// What every test of an upload starts with: a database of its own, a git server with one bare
// repository, an author's work tree, an account whose blog is connected to it, and a configuration
// that may fetch from loopback. At the end of each test the oracle compares the posts with the tree
// and the queue's invariants are asked. One thread.

#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/config/config.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/publishing/store/blog_store.hpp"
#include "core/publishing/store/upload_store.hpp"
#include "core/publishing/upload/service.hpp"
#include "tests/oracle/posts.hpp"
#include "tests/support/git/git_http_server.hpp"
#include "tests/support/git/git_repository.hpp"
#include "tests/support/postgres/postgres.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::testing {

// May fetch from loopback, over http and by path; also for children of a test.
[[nodiscard]] config::Config make_test_config(const std::string& runtime_directory);
// Warnings of uploads that are meant to fail would bury the tests' own words; DEVY_TEST_LOG=1 shows
// them.
void keep_log_quiet();

class UploadTest : public ::testing::Test {
 protected:
  UploadTest();
  void TearDown() override;

  [[nodiscard]] std::string bare() const { return folder_ / "srv/alice/blog.git"; }
  [[nodiscard]] const std::string& conninfo() const { return conninfo_; }

  // ---- the author
  void write(std::string_view path, std::string_view text) { author_.write_file(path, text); }
  // Commits all there is and pushes it, by force; returns the commit.
  std::string push(const std::string& message = "Change posts");

  // ---- uploads
  [[nodiscard]] base::UploadId record(const publishing::UploadRequest& request = {});
  // Runs exactly this one in this process; its row afterwards.
  publishing::Upload run(const base::UploadId& id, const queue::OnProgress& on_progress = {});
  publishing::Upload publish(const publishing::UploadRequest& request = {}) {
    return run(record(request));
  }
  publishing::Upload push_and_publish();
  // The row as it is now.
  [[nodiscard]] publishing::Upload load(const base::UploadId& id);
  // Makes a retry that lies in the future due.
  void make_due();

  // ---- what is there
  [[nodiscard]] std::vector<std::string> rows(std::string_view sql) const;  // in schema devy
  [[nodiscard]] std::string value(std::string_view sql) const;              // the only one
  void execute(std::string_view sql) const;
  [[nodiscard]] std::vector<std::string> posts() const;        // "path slug", by path
  [[nodiscard]] std::vector<std::string> redirects() const;    // "slug path", by slug
  [[nodiscard]] std::vector<std::string> file_errors() const;  // "path:line:col: message", by path
  // Each post's row version in PostgreSQL and ours, by path: equal means not written.
  [[nodiscard]] std::string row_version(const std::string& path) const;
  // Of all posts, redirects and revisions.
  [[nodiscard]] std::string digest() const;
  [[nodiscard]] std::vector<std::string> clone_folders() const;
  [[nodiscard]] publishing::Blog blog();

  // Until the condition holds; false after a deadline.
  [[nodiscard]] static bool wait_for(const std::function<bool()>& condition);
  // Until some session waits for a lock.
  [[nodiscard]] bool wait_for_a_blocked_session() const;

  // The head that the oracle expects at the end: by default the last commit pushed. Empty: none.
  void expect_head(const std::string& commit) { oracle_.head = commit; }

  testing::TestDatabase database_;
  testing::TempFolder folder_;
  testing::GitRepository author_;
  testing::GitHttpServer server_;
  config::Config config_;
  git::TipAsker asker_;
  std::string conninfo_;  // how the worker reaches the database
  pg::Connection connection_;
  base::BlogId blog_id_;
  testing::OracleCase oracle_;
};

// In a transaction of somebody else: the publish transaction then waits in its middle.
inline constexpr pg::Statement block_publish{"block_publish",
                                             "lock table devy.revision in access exclusive mode"};

// "created updated renamed deleted unchanged file_errors", or "none".
[[nodiscard]] std::string changes_text(const publishing::Upload& upload);
// "state" or "state/error_code".
[[nodiscard]] std::string ending(const publishing::Upload& upload);

using Lines = std::vector<std::string>;

}  // namespace devy::testing
