#pragma once
// A blog of a real repository in a real database, and the built program to work on it. Each test
// has its own. What judges the end shares no code with the product: the exit status, the JSON as
// nlohmann reads it, SQL through psql.

#include <gtest/gtest.h>

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "tests/support/git/git_repository.hpp"
#include "tests/support/postgres/postgres.hpp"
#include "tests/support/process/program.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::testing {

class BlogFixture : public ::testing::Test {
 protected:
  BlogFixture();

  // Of a call with the test's database and configuration.
  [[nodiscard]] ProgramCall call(std::vector<std::string> arguments) const;
  [[nodiscard]] ProgramResult run(std::vector<std::string> arguments) const;
  // Runs with --json and expects this exit status.
  [[nodiscard]] nlohmann::ordered_json json(std::vector<std::string> arguments,
                                            int expected_status = 0) const;
  // The id of a new upload of alice/blog that nobody has run.
  [[nodiscard]] std::string record() const;
  // One that has failed, for a commit that does not exist.
  [[nodiscard]] std::string record_failed() const;
  [[nodiscard]] std::string state_of(const std::string& id) const;

  TempFolder folder_;
  TestDatabase database_;
  GitRepository author_;
};

[[nodiscard]] std::vector<std::string> keys_of(const nlohmann::ordered_json& object);

}  // namespace devy::testing
