// A scan of gists is killed at each pass of each of its fault points. The next one goes on: at the
// end each version is there once, and a visitor sees each file once.
#include <csignal>
#include <nlohmann/json.hpp>

#include "tests/e2e/cli/gist_fixture.hpp"

namespace devy::testing {
namespace gist_kill_points_test {

constexpr int passes_max = 20, rounds_max = 2;

class KilledGistScan : public gist_test::GistCommands,
                       public ::testing::WithParamInterface<const char*> {};

TEST_P(KilledGistScan, LosesNothingAndStoresNothingTwice) {
  ASSERT_EQ(run({"gist", "user", "add", "alice"}).status, 0);
  int files = 0, pass = 1;
  for (; pass < passes_max; ++pass) {
    SCOPED_TRACE(std::string(GetParam()) + ":" + std::to_string(pass));
    github_.control(R"([{"do": "clock", "advance": 60},
                        {"do": "create_gists", "owner": "alice", "count": 3}])");
    files += 3;
    const auto killed =
        run({"gist", "scan", "alice", "--here"},
            {{"DEVY_FAULT", std::string(GetParam()) + ":" + std::to_string(pass) + "=kill"}});
    if (killed.status != 0) {
      ASSERT_EQ(killed.status, 128 + SIGKILL) << killed.err;
    }
    for (int round = 0; round < rounds_max; ++round) {
      database_.execute(
          "update devy.operation set run_at = clock_timestamp() where state = 'verified'");
      ASSERT_EQ(run({"poll", "--once"}).status, 0);
    }
    ASSERT_EQ(database_.scalar("select count(*) from devy.operation where finished_at is null"),
              "0");
    EXPECT_EQ(database_.scalar(
                  "select count(*) || ' ' || count(distinct gist_file_id) || ' ' || max(seq) "
                  "from devy.gist_version"),
              std::to_string(files) + " " + std::to_string(files) + " " + std::to_string(files));
    EXPECT_EQ(json({"gist", "latest", "alice", "--visitor", "v"})["gists"].size(), 3U);
    if (killed.status == 0) break;
  }
  EXPECT_GT(pass, 1) << "nothing was killed";
  EXPECT_LT(pass, passes_max);
  EXPECT_EQ(database_.scalar("select count(*) from devy.operation where state <> 'completed'"),
            "0");
  EXPECT_EQ(database_.scalar("select count(*) from devy.routine where finished_at is null"), "0");
}

INSTANTIATE_TEST_SUITE_P(At, KilledGistScan,
                         ::testing::Values("before_gist_store", "before_gist_commit",
                                           "before_gist_scan_end", "before_gist_scan_commit"),
                         [](const auto& point) { return std::string(point.param); });

}  // namespace gist_kill_points_test
}  // namespace devy::testing
