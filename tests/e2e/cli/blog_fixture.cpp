#include "tests/e2e/cli/blog_fixture.hpp"

#include <fstream>
#include <nlohmann/json.hpp>

namespace devy::testing {

BlogFixture::BlogFixture() : author_(folder_ / "repository") {
  std::ofstream(folder_ / "devy-upload.toml")
      << "[git]\nurl_schemes = [\"https\", \"http\", \"file\"]\nurl_hosts = []\n";
  author_.write_file("hello.md", "# Hello\n\nA post.\n");
  author_.write_file("second.md", "# Second\n\nAnother.\n");
  author_.commit("Write two posts");
  EXPECT_EQ(run({"account", "add", "alice"}).status, 0);
  const auto connected = run({"blog", "connect", "alice/blog", "file://" + author_.folder()});
  EXPECT_EQ(connected.status, 0) << connected.err;
}

ProgramCall BlogFixture::call(std::vector<std::string> arguments) const {
  ProgramCall call;
  call.arguments = std::move(arguments);
  call.environment = {{"DEVY_DB", database_.conninfo()},
                      {"DEVY_CONFIG", folder_ / "devy-upload.toml"},
                      {"TERM", "xterm"}};
  return call;
}

ProgramResult BlogFixture::run(std::vector<std::string> arguments) const {
  return run_program(call(std::move(arguments)));
}

nlohmann::ordered_json BlogFixture::json(std::vector<std::string> arguments,
                                         int expected_status) const {
  arguments.emplace_back("--json");
  const auto result = run(std::move(arguments));
  EXPECT_EQ(result.status, expected_status) << result.err;
  // Throws for anything but one whole document.
  return nlohmann::ordered_json::parse(result.out);
}

std::string BlogFixture::record() const {
  return json({"trigger", "alice/blog"})["id"].get<std::string>();
}

std::string BlogFixture::record_failed() const {
  const std::string gone(40, '1');
  return json({"trigger", "alice/blog", "--commit", gone, "--here"}, 3)["id"].get<std::string>();
}

std::string BlogFixture::state_of(const std::string& id) const {
  return database_.scalar("select state from devy.operation where id = '" + id + "'");
}

std::vector<std::string> keys_of(const nlohmann::ordered_json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items())
    keys.push_back(key);
  return keys;
}

}  // namespace devy::testing
