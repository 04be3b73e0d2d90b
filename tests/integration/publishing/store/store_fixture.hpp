#pragma once
// A database with the schema, a connection, and uploads made by SQL: what the store's functions are
// tested on. One thread.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/platform/base/error.hpp"
#include "core/publishing/store/account_store.hpp"
#include "core/publishing/store/blog_store.hpp"
#include "core/publishing/store/upload_store.hpp"
#include "tests/support/postgres/postgres.hpp"

namespace devy::publishing {

class StoreTest : public ::testing::Test {
 protected:
  StoreTest();

  [[nodiscard]] pg::Connection open() const {
    return pg::Connection::open(database_.conninfo(), config::Database(), "test");
  }
  [[nodiscard]] static ConnectRequest request(const std::string& username, const std::string& slug,
                                              const std::string& url) {
    return {username, slug, url, std::nullopt, std::nullopt};
  }
  // alice/blog, made when there is none yet.
  Blog blog();
  // Recorded, and ended as completed at once.
  base::UploadId completed_upload(const Blog& of);
  void execute(const std::string& sql) const {
    database_.execute("set search_path = devy; " + sql);
  }
  [[nodiscard]] std::string value(const std::string& sql) const {
    return database_.scalar("set search_path = devy; " + sql);
  }
  static base::Error error_of(const std::function<void()>& act);

  testing::TestDatabase database_;
  pg::Connection connection_;
};

}  // namespace devy::publishing
