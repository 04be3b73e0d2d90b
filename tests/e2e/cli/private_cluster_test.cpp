#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/support/postgres/cluster_folder.hpp"
#include "tests/support/process/program.hpp"

// `db start` and `db stop` with the real program, as whoever runs the tests: root, as a rule.

namespace devy::testing {
namespace private_cluster_test {

using Keys = std::vector<std::string>;

class PrivateCluster : public ::testing::Test {
 protected:
  ~PrivateCluster() override { (void)run({"db", "stop"}); }

  [[nodiscard]] ProgramResult run(std::vector<std::string> arguments) const {
    ProgramCall call;
    call.arguments = std::move(arguments);
    call.environment = {{"DEVY_CLUSTER_DIRECTORY", folder_.path() / "cluster"}};
    call.timeout = std::chrono::seconds(120);
    return run_program(call);
  }
  [[nodiscard]] nlohmann::ordered_json json(std::vector<std::string> arguments) const {
    arguments.emplace_back("--json");
    const auto result = run(std::move(arguments));
    EXPECT_EQ(result.status, 0) << result.err;
    return nlohmann::ordered_json::parse(result.out);
  }
  static Keys keys_of(const nlohmann::ordered_json& object) {
    Keys keys;
    for (const auto& [key, value] : object.items())
      keys.push_back(key);
    return keys;
  }

  ClusterFolder folder_;
};

TEST_F(PrivateCluster, CreatesFindsStopsAndRestartsTheServer) {
  const auto nothing = run({"account", "list"});
  EXPECT_EQ(nothing.status, 7);
  EXPECT_NE(nothing.err.find("devy-upload db start"), std::string::npos) << nothing.err;
  EXPECT_EQ(run({"db", "start", "--dry-run"}).status, 0);
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "cluster"));

  const auto started = json({"db", "start"});
  EXPECT_EQ(keys_of(started), (Keys{"conninfo", "data_directory", "socket_directory", "log_file",
                                    "pid", "server_version", "schema_version", "is_new"}));
  EXPECT_EQ(started["is_new"], true);
  EXPECT_EQ(run({"account", "add", "alice"}).status, 0);
  EXPECT_EQ(json({"db", "start"})["is_new"], false);
  EXPECT_EQ(json({"db", "status"})["private_cluster"]["pid"], started["pid"]);

  const auto stopped = json({"db", "stop"});
  EXPECT_EQ(keys_of(stopped), (Keys{"data_directory", "was_running"}));
  EXPECT_EQ(stopped["was_running"], true);
  EXPECT_EQ(json({"db", "stop"})["was_running"], false);
  EXPECT_EQ(run({"account", "list"}).status, 7);
  EXPECT_EQ(run({"doctor"}).status, 10);

  EXPECT_EQ(json({"db", "start"})["is_new"], false);
  EXPECT_EQ(json({"account", "list"}).size(), 1U);
}

}  // namespace private_cluster_test
}  // namespace devy::testing
