#pragma once
// Whether a blog in the database is the tree of a commit, judged by SQL and the git program alone:
// the rules of content.md are written anew here and share no code with the product.
//
// Throws std::runtime_error when git or a statement fails. Any thread.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/postgres/sql_sessions.hpp"

namespace devy::testing {

struct OracleCase {
  std::string conninfo;
  std::string blog;        // the id of its row
  std::string repository;  // any folder whose git knows the commit
  std::string root = ".";  // as devy.toml at that commit has it
  // What devy.toml's `ignore` adds to the defaults.
  std::function<bool(const std::string&)> is_ignored = {};
  // What the blog's head must be; empty: nothing may be published. Nothing: whatever it is.
  std::optional<std::string> head = {};
  // Its questions are many and short.
  std::shared_ptr<SqlSessions> sessions = std::make_shared<SqlSessions>();
};

// The rows of a question to the database, in schema devy.
[[nodiscard]] std::vector<std::string> lines_of(const OracleCase& oracle, const std::string& sql);

// One line for each promise that does not hold.
[[nodiscard]] std::vector<std::string> broken_promises(const OracleCase& oracle);

// Path → blob of every file the commit publishes.
[[nodiscard]] std::map<std::string, std::string> published_files(const OracleCase& oracle,
                                                                 const std::string& commit);

}  // namespace devy::testing
