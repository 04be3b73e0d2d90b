#include "tests/e2e/cli/sync_fixture.hpp"

#include <sys/stat.h>

#include <nlohmann/json.hpp>

namespace devy::testing {
namespace sync_test {

SyncCommands::SyncCommands() {
  github_.control(R"([
    {"do": "create_user", "login": "alice"}, {"do": "create_user", "login": "bob"},
    {"do": "create_repository", "owner": "alice", "name": "notes"},
    {"do": "create_label", "repository": "alice/notes", "name": "bug"},
    {"do": "create_issue", "repository": "alice/notes", "title": "The roof leaks", "body": "Here.",
     "labels": ["bug"]},
    {"do": "create_comment", "repository": "alice/notes", "number": 1, "body": "Since when?"},
    {"do": "token", "token": "ghp_sync", "user": "alice", "scopes": ["repo"]}])");
  for (const auto* name : {"token", "marker.key"}) {
    write_text(folder_ / name, std::string(name) == "token"
                                   ? "ghp_sync\n"
                                   : "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=\n");
    ::chmod((folder_ / name).c_str(), 0600);
  }
  write_text(folder_ / "devy-upload.toml",
             "[git]\nurl_schemes = [\"http\"]\n[github]\napi_url = \"" + github_.url() +
                 "\"\ntoken_file = \"" + (folder_ / "token") +
                 "\"\ntoken_for = [\"alice\"]\n[mirror]\nenabled = true\ncomments = true\n"
                 "[sync]\nenabled = true\nwrite_gap = \"0s\"\nmarker_key_file = \"" +
                 (folder_ / "marker.key") + "\"\n");
}

ProgramResult SyncCommands::run(std::vector<std::string> arguments) const {
  ProgramCall call;
  call.arguments = std::move(arguments);
  call.environment = {{"DEVY_DB", database_.conninfo()},
                      {"DEVY_CONFIG", folder_ / "devy-upload.toml"},
                      {"DEVY_LOG_LEVEL", "error"}};
  return run_program(call);
}

Document SyncCommands::json(std::vector<std::string> arguments, int status) const {
  arguments.emplace_back("--json");
  const auto result = run(std::move(arguments));
  EXPECT_EQ(result.status, status) << result.err << result.out;
  return Document::parse(result.out, nullptr, false);
}

std::string SyncCommands::connect() const {
  for (const auto& arguments : std::vector<std::vector<std::string>>{
           {"account", "add", "alice"},
           {"project", "add", "alice/plans", "--title", "Plans"},
           {"project", "connect", "alice/plans", "alice/notes", "--here", "--wait=60s"}}) {
    const auto result = run(arguments);
    if (result.status != 0)
      return arguments[0] + " " + arguments[1] + ": status " + std::to_string(result.status) +
             "\n" + result.out + result.err;
  }
  return {};
}

Document SyncCommands::issue(int number) const {
  const auto state = Document::parse(github_.state());
  for (const auto& issue : state["repositories"][0]["issues"])
    if (issue["number"] == number) return issue;
  return {};
}

std::vector<std::string> SyncCommands::writes() const {
  std::vector<std::string> found;
  for (const auto& request : Document::parse(github_.requests()))
    if (request["method"] != "GET")
      found.push_back(request["method"].get<std::string>() + " " +
                      request["path"].get<std::string>());
  return found;
}

std::size_t SyncCommands::requests() const {
  return Document::parse(github_.requests()).size();
}

}  // namespace sync_test
}  // namespace devy::testing
