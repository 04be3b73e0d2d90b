#include "tests/e2e/cli/gist_fixture.hpp"

#include <nlohmann/json.hpp>

namespace devy::testing {
namespace gist_test {

GistCommands::GistCommands() {
  github_.control(R"([{"do": "create_user", "login": "alice"}, {"do": "limit", "limit": 100000},
                      {"do": "clock", "set": "2026-03-01T12:00:00Z"}])");
  write_text(folder_ / "devy-upload.toml",
             "[git]\nurl_schemes = [\"http\"]\n[github]\napi_url = \"" + github_.url() +
                 "\"\n[gists]\nenabled = true\n");
}

ProgramResult GistCommands::run(std::vector<std::string> arguments,
                                const std::map<std::string, std::string>& environment) const {
  ProgramCall call;
  call.arguments = std::move(arguments);
  call.environment = {{"DEVY_DB", database_.conninfo()},
                      {"DEVY_CONFIG", folder_ / "devy-upload.toml"},
                      {"DEVY_LOG_LEVEL", "error"}};
  for (const auto& [name, value] : environment)
    call.environment[name] = value;
  return run_program(call);
}

Document GistCommands::json(std::vector<std::string> arguments, int status) const {
  arguments.emplace_back("--json");
  const auto result = run(std::move(arguments));
  EXPECT_EQ(result.status, status) << result.err;
  return Document::parse(result.out);
}

}  // namespace gist_test
}  // namespace devy::testing
