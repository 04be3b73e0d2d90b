#pragma once
// A project whose tasks are the issues of a repository at the stand-in for GitHub, and the program.
// Who reads answers includes nlohmann/json.hpp.

#include <gtest/gtest.h>

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "tests/support/github/github_state.hpp"
#include "tests/support/postgres/postgres.hpp"
#include "tests/support/process/program.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::testing {
namespace sync_test {

using Document = nlohmann::ordered_json;

class SyncCommands : public ::testing::Test {
 protected:
  SyncCommands();

  [[nodiscard]] ProgramResult run(std::vector<std::string> arguments) const;
  [[nodiscard]] Document json(std::vector<std::string> arguments, int status = 0) const;
  // The project alice/plans, connected with the repository alice/notes and read; "" when that went
  // well.
  [[nodiscard]] std::string connect() const;
  // The issue of that number as the stand-in has it.
  [[nodiscard]] Document issue(int number) const;
  // "POST /repos/alice/notes/issues" for each request that is no GET, since the last reset.
  [[nodiscard]] std::vector<std::string> writes() const;
  [[nodiscard]] std::size_t requests() const;

  TempFolder folder_;
  TestDatabase database_;
  GithubState github_;
};

}  // namespace sync_test
}  // namespace devy::testing
