#pragma once
// A repository of the stand-in for GitHub, a configuration that mirrors it, and the program. The
// oracle, in Python, compares all rows with the stand-in's facts.

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>
#include <sstream>
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
  MirrorCommands() {
    github_.control(R"([
      {"do": "fill", "repository": "alice/notes", "issues": 230, "pulls": 25, "labels": 9,
       "milestones": 3, "users": 6, "files_per_pull": 2, "seed": 7},
      {"do": "token", "token": "ghp_mirror", "user": "alice", "scopes": ["repo", "admin:repo_hook"]},
      {"do": "create_hook", "repository": "alice/notes", "url": "https://devy.example/v1/webhooks",
       "secret": "a secret", "events": ["issues", "push"]}])");
    write_text(folder_ / "token", "ghp_mirror\n");
    ::chmod((folder_ / "token").c_str(), 0600);
    configure("enabled = true\n");
  }

  void configure(const std::string& mirror) const {
    write_text(folder_ / "devy-upload.toml",
               "[git]\nurl_schemes = [\"http\"]\n[github]\napi_url = \"" + github_.url() +
                   "\"\ntoken_file = \"" + (folder_ / "token") +
                   "\"\ntoken_for = [\"alice\"]\n[mirror]\n" + mirror);
  }
  [[nodiscard]] ProgramCall call(std::vector<std::string> arguments) const {
    ProgramCall call;
    call.arguments = std::move(arguments);
    call.environment = {{"DEVY_DB", database_.conninfo()},
                        {"DEVY_CONFIG", folder_ / "devy-upload.toml"},
                        {"DEVY_LOG_LEVEL", "error"}};
    return call;
  }
  [[nodiscard]] ProgramResult run(std::vector<std::string> arguments) const {
    return run_program(call(std::move(arguments)));
  }
  [[nodiscard]] Document json(std::vector<std::string> arguments, int status = 0) const {
    arguments.emplace_back("--json");
    const auto result = run(std::move(arguments));
    EXPECT_EQ(result.status, status) << result.err;
    return Document::parse(result.out);
  }
  // Mirrors the repository; "" when that went well.
  [[nodiscard]] std::string add() const {
    const auto result = run({"mirror", "add", "alice/notes", "--here"});
    return result.status == 0 ? "" : result.err;
  }
  // The lines of `mirror changes`, as an array.
  [[nodiscard]] Document changes(std::vector<std::string> options) const {
    std::vector<std::string> arguments{"mirror", "changes", "--json"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const auto result = run(std::move(arguments));
    EXPECT_EQ(result.status, 0) << result.err;
    auto lines = Document::array();
    std::istringstream text(result.out);
    for (std::string line; std::getline(text, line);)
      lines.push_back(Document::parse(line));
    return lines;
  }
  // "" when each row of the repository is what the stand-in has.
  [[nodiscard]] std::string differences(const std::string& repository = "alice/notes") const {
    ProgramCall call;
    call.program = "/usr/bin/python3";
    call.arguments = {DEVY_ORACLE_FOLDER "/mirror_oracle.py",
                      "--state",
                      github_.url(),
                      "--db",
                      database_.conninfo(),
                      "--repository",
                      repository};
    const auto result = run_program(call);
    if (result.status == 0) return {};
    return "status " + std::to_string(result.status) + ":\n" + result.out + result.err;
  }
  // The paths of requests that cost one of the hour's.
  [[nodiscard]] std::vector<std::string> charged_requests() const {
    std::vector<std::string> paths;
    for (const auto& request : Document::parse(github_.requests()))
      if (request["charged"] == true) paths.push_back(request["path"]);
    return paths;
  }
  [[nodiscard]] int requests() const {
    return static_cast<int>(Document::parse(github_.requests()).size());
  }

  TempFolder folder_;
  TestDatabase database_;
  GithubState github_;
};

}  // namespace mirror_test
}  // namespace devy::testing
