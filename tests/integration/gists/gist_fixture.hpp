#pragma once
// Tracked users in a database of their own; and with the stand-in for GitHub, where a user alice
// is, and scans that this process runs.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/gists/store/scan_store.hpp"
#include "core/gists/store/visit_store.hpp"
#include "core/platform/config/config.hpp"
#include "tests/support/github/github_state.hpp"
#include "tests/support/postgres/postgres.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::gists {

class GistRows : public ::testing::Test {
 protected:
  GistRows();

  [[nodiscard]] pg::Connection open() const;
  void track(const std::string& login, const std::string& id = "1");
  [[nodiscard]] std::string value(const std::string& sql) const {
    return database_.scalar("set search_path = devy; " + sql);
  }
  void execute(const std::string& sql) const {
    database_.execute("set search_path = devy; " + sql);
  }

  devy::testing::TestDatabase database_;
  config::Config config_;
  pg::Connection connection_;
};

class GistFixture : public GistRows {
 protected:
  // The token's requests are counted, and a 304 to it is free.
  GistFixture();

  // Scans the user once; returns the operation's state, and the code of its error.
  std::string scan(const std::string& login, bool is_full = false);
  void act(const std::string& acts) const { github_.control(acts); }
  // "one.txt 1, two.txt 2": the files of all public gists with their versions.
  [[nodiscard]] std::string files() const;
  // The files that a visit shows: "one.txt, two.txt".
  [[nodiscard]] std::string visit_of(const std::string& visitor, bool has_edits = false);
  // "GET /users/alice/gists 304": the requests since the last time, without their queries.
  [[nodiscard]] std::vector<std::string> requests() const;

  devy::testing::TempFolder folder_;
  devy::testing::GithubState github_{{.is_strict = true}};
};

}  // namespace devy::gists
