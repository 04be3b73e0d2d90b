#pragma once
// A repository of the stand-in for GitHub, a configuration that mirrors it, and the program. The
// oracle, in Python, compares all rows with the stand-in's facts. Who reads answers includes
// nlohmann/json.hpp.

#include <gtest/gtest.h>

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "tests/support/github/github_state.hpp"
#include "tests/support/postgres/postgres.hpp"
#include "tests/support/process/program.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::testing {
namespace mirror_test {

using Document = nlohmann::ordered_json;

class MirrorCommands : public ::testing::Test {
 protected:
  // Whether the stand-in begins with the repository alice/notes: 230 issues, 25 pull requests.
  enum class Begins { with_repository, empty };
  explicit MirrorCommands(Begins begins = Begins::with_repository);

  void configure(const std::string& mirror) const;
  [[nodiscard]] ProgramCall call(std::vector<std::string> arguments) const;
  [[nodiscard]] ProgramResult run(std::vector<std::string> arguments) const;
  [[nodiscard]] Document json(std::vector<std::string> arguments, int status = 0) const;
  // Mirrors the repository; "" when that went well.
  [[nodiscard]] std::string add() const;
  // The lines of `mirror changes`, as an array.
  [[nodiscard]] Document changes(std::vector<std::string> options) const;
  // "" when each row of the repository is what the stand-in has.
  [[nodiscard]] std::string differences(const std::string& repository = "alice/notes") const;
  // The paths of requests that cost one of the hour's.
  [[nodiscard]] std::vector<std::string> charged_requests() const;
  [[nodiscard]] int requests() const;

  TempFolder folder_;
  TestDatabase database_;
  GithubState github_;
};

}  // namespace mirror_test
}  // namespace devy::testing
