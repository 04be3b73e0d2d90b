#pragma once
// The stand-in for GitHub with a user alice, a configuration that scans gists, and the program. Who
// reads answers includes nlohmann/json.hpp.

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "tests/support/github/github_state.hpp"
#include "tests/support/postgres/postgres.hpp"
#include "tests/support/process/program.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::testing {
namespace gist_test {

using Document = nlohmann::ordered_json;

class GistCommands : public ::testing::Test {
 protected:
  GistCommands();

  [[nodiscard]] ProgramResult run(std::vector<std::string> arguments,
                                  const std::map<std::string, std::string>& environment = {}) const;
  [[nodiscard]] Document json(std::vector<std::string> arguments, int status = 0) const;

  TempFolder folder_;
  TestDatabase database_;
  GithubState github_;
};

}  // namespace gist_test
}  // namespace devy::testing
