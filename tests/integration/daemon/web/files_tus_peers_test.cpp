// Others judge our tus: tus-js-client sends files, and @tus/server is asked the same beside us.
#include <map>

#include "tests/integration/daemon/web/files_routes_fixture.hpp"
#include "tests/support/process/peer.hpp"

namespace devy::daemon {
namespace files_tus_peers_test {

class TusPeers : public FilesRoutes {
 protected:
  [[nodiscard]] std::vector<std::string> run(const std::string& script,
                                             const std::vector<std::string>& modes = {}) const {
    std::vector<std::string> arguments{"http://" + address_ + "/files", "ghp_alice"};
    arguments.insert(arguments.end(), modes.begin(), modes.end());
    return testing::run_peer(script, arguments);
  }
};

TEST_F(TusPeers, SucceedsInEachWayOfTusJsClient) {
  start();
  const std::vector<std::string> modes{"buffer", "chunks",   "with_data",  "with_data_in_chunks",
                                       "stream", "deferred", "overridden", "empty",
                                       "cut"};
  const auto lines = run("tus_client.mjs", modes);
  ASSERT_EQ(lines.size(), modes.size());
  for (const auto& line : lines) {
    const auto blank = line.find(' ');
    EXPECT_EQ(value("select state || ' ' || encode(sha256, 'hex') from file where name = '" +
                    line.substr(0, blank) + "' and state <> 'deleted'"),
              "permanent " + line.substr(blank + 1))
        << line;
  }
  EXPECT_EQ(value("select bytes_reserved from file_owner"), "0");
  EXPECT_EQ(paths("staging"), "");
  EXPECT_EQ(differences(), "");
}

TEST_F(TusPeers, GivesTheStatusesOfTusServer) {
  start();
  // Where we differ: ours, theirs.
  const std::map<std::string, std::string> known{
      {"create_empty", "201/0 201"},     // the offset is said wherever something was received
      {"create_final", "400 501"},       // parts are joined in neither
      {"head_of_deleted", "410 404"},    // it was there
      {"last_part_again", "409/9 409"},  // a wrong offset is answered with the right one
      {"wrong_offset", "409/3 409"},     // the same
      {"no_offset", "400 403"},          // 403 would have the client give up
      {"no_version", "412 400"},         // the protocol says 412
      {"wrong_type", "415 400"},         // the protocol says 415
      {"overridden", "204/3 400"},       // theirs does not take it
      {"wrong_checksum", "460 204/6"}};  // theirs compares none
  std::map<std::string, std::string> found;
  for (const auto& line : run("tus_beside.mjs")) {
    const auto first = line.find(' '), second = line.find(' ', first + 1);
    const auto ours = line.substr(first + 1, second - first - 1), theirs = line.substr(second + 1);
    if (ours != theirs) found[line.substr(0, first)] = ours + " " + theirs;
  }
  EXPECT_EQ(found, known);
}

}  // namespace files_tus_peers_test
}  // namespace devy::daemon
