#include "tests/e2e/cli/mirror_fixture.hpp"

#include <sys/stat.h>

#include <nlohmann/json.hpp>
#include <sstream>

namespace devy::testing {
namespace mirror_test {

MirrorCommands::MirrorCommands(Begins begins) {
  if (begins == Begins::with_repository)
    github_.control(R"([
      {"do": "fill", "repository": "alice/notes", "issues": 230, "pulls": 25, "labels": 9,
       "milestones": 3, "users": 6, "files_per_pull": 2, "seed": 7}])");
  else github_.control(R"([{"do": "create_user", "login": "alice"}])");
  github_.control(R"([
    {"do": "token", "token": "ghp_mirror", "user": "alice", "scopes": ["repo", "admin:repo_hook"]}])");
  if (begins == Begins::with_repository)
    github_.control(R"([
      {"do": "create_hook", "repository": "alice/notes", "url": "https://devy.example/v1/webhooks",
       "secret": "a secret", "events": ["issues", "push"]}])");
  write_text(folder_ / "token", "ghp_mirror\n");
  ::chmod((folder_ / "token").c_str(), 0600);
  configure("enabled = true\n");
}

void MirrorCommands::configure(const std::string& mirror) const {
  write_text(folder_ / "devy-upload.toml",
             "[git]\nurl_schemes = [\"http\"]\n[github]\napi_url = \"" + github_.url() +
                 "\"\ntoken_file = \"" + (folder_ / "token") +
                 "\"\ntoken_for = [\"alice\"]\n[mirror]\n" + mirror);
}

ProgramCall MirrorCommands::call(std::vector<std::string> arguments) const {
  ProgramCall call;
  call.arguments = std::move(arguments);
  call.environment = {{"DEVY_DB", database_.conninfo()},
                      {"DEVY_CONFIG", folder_ / "devy-upload.toml"},
                      {"DEVY_LOG_LEVEL", "error"}};
  return call;
}

ProgramResult MirrorCommands::run(std::vector<std::string> arguments) const {
  return run_program(call(std::move(arguments)));
}

Document MirrorCommands::json(std::vector<std::string> arguments, int status) const {
  arguments.emplace_back("--json");
  const auto result = run(std::move(arguments));
  EXPECT_EQ(result.status, status) << result.err;
  return Document::parse(result.out);
}

std::string MirrorCommands::add() const {
  const auto result = run({"mirror", "add", "alice/notes", "--here"});
  return result.status == 0 ? "" : result.err;
}

Document MirrorCommands::changes(std::vector<std::string> options) const {
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

std::string MirrorCommands::differences(const std::string& repository) const {
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

std::vector<std::string> MirrorCommands::charged_requests() const {
  std::vector<std::string> paths;
  for (const auto& request : Document::parse(github_.requests()))
    if (request["charged"] == true) paths.push_back(request["path"]);
  return paths;
}

int MirrorCommands::requests() const {
  return static_cast<int>(Document::parse(github_.requests()).size());
}

}  // namespace mirror_test
}  // namespace devy::testing
