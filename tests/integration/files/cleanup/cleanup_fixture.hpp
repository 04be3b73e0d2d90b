#pragma once
// Files of two owners on a disk of its own, and the operations on them, run in this process.

#include <gtest/gtest.h>

#include <string>

#include "core/files/comparison/comparison.hpp"
#include "core/files/receive/batch.hpp"
#include "core/files/store/cleanup_store.hpp"
#include "core/files/store/file_store.hpp"
#include "tests/support/postgres/postgres.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::cleanup {

class CleanupFixture : public ::testing::Test {
 protected:
  CleanupFixture();

  [[nodiscard]] pg::Connection open() const;
  receive::Stored upload(const std::string& name, const std::string& bytes,
                         bool is_temporary = false);
  // Runs the operation of that kind, as often as it is given back; returns its state.
  std::string run(const char* kind);
  std::string run(const base::OperationId& id);
  std::string clean_up() { return run(files::cleanup_kind); }
  [[nodiscard]] std::string value(const std::string& sql) const;
  void execute(const std::string& sql) const;
  // Deletes the file, as if that had been so long ago that it goes now.
  void delete_long_ago(const files::File& file);
  // Where the content with those bytes is.
  [[nodiscard]] std::string place(const std::string& bytes) const;
  [[nodiscard]] bool is_there(const std::string& bytes) const;
  // Writes bytes there that no row knows, last changed so many seconds ago.
  void write_orphan(const std::string& bytes, int age) const;
  // Of the content with those bytes: "stored s3".
  [[nodiscard]] std::string state_of(const std::string& bytes) const;
  // Rows and bytes are equal, and sums are right.
  [[nodiscard]] bool is_clean();

  devy::testing::TempFolder folder_;
  devy::testing::TestDatabase database_;
  config::Config config_;
  pg::Connection connection_ = open();
  std::unique_ptr<storage::Disk> disk_;
  files::OwnerId owner_;
};

}  // namespace devy::cleanup
