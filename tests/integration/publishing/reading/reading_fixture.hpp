#pragma once
// A blog whose rows are written by SQL, for what a pipeline would take long to make or would
// refuse: the blog alice/notes, connected, with a head, and at first without posts. The tests of a
// suite share a database. One thread.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/publishing/reading/reading.hpp"
#include "tests/support/postgres/postgres.hpp"

namespace devy::reading {

// RFC 3339.
[[nodiscard]] base::TimePoint at(const std::string& text);
[[nodiscard]] nlohmann::json json_of(const http::Response& response);
// The member of each post of a list.
[[nodiscard]] std::vector<std::string> each(const http::Response& list,
                                            const std::string& member = "slug");
using Lines = std::vector<std::string>;

class ReadingTest : public ::testing::Test {
 protected:
  ReadingTest();
  static void SetUpTestSuite();
  static void TearDownTestSuite();

  // In one transaction.
  void execute(const std::string& sql) { connection_.run_script("test", sql); }
  [[nodiscard]] std::string value(const std::string& sql) const {
    return database_->scalar("set search_path = devy; " + sql);
  }
  // `more` are assignments, "html = '<p>x', is_draft = true".
  void add_post(const std::string& slug, const std::string& published_at = "2026-01-02T03:04:05Z",
                const std::string& more = {});

  [[nodiscard]] http::Response blog(const Condition& condition = {});
  [[nodiscard]] http::Response posts(const publishing::PostFilter& filter = {},
                                     const Condition& condition = {});
  [[nodiscard]] http::Response post(const std::string& slug, const std::string& preview = {},
                                    const Condition& condition = {});
  [[nodiscard]] http::Response feed(const Condition& condition = {});
  [[nodiscard]] http::Response sitemap(const Condition& condition = {});

  static std::optional<testing::TestDatabase> database_;
  pg::Connection connection_;
  const BlogAddress address_{"alice", "notes"};
};

}  // namespace devy::reading
