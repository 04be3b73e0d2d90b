// The process that carries a connection through its first sync is killed at each of its fault
// points, twice: the rows are the same as without. (A third death would end the operation, for a
// person to look at.)
#include <cstdlib>
#include <sstream>
#include <tuple>

#include "core/platform/base/fault_point.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/process/child.hpp"
#include "core/platform/queue/rescue.hpp"
#include "core/platform/queue/runner.hpp"
#include "core/sync/store/verify_store.hpp"
#include "core/systems.hpp"
#include "tests/support/sync/sync_fixture.hpp"
#include "tests/support/time_factor.hpp"

namespace devy::sync {
namespace killed_connection_test {

constexpr const char* killed_role = "sync_a_connection_and_die";

int sync_until_it_dies(process::Parent& parent) {
  std::istringstream lines(parent.receive(4096).value());
  std::string fault, conninfo;
  config::Config config;
  std::getline(lines, fault);
  std::getline(lines, conninfo);
  std::getline(lines, config.sync.marker_key_file);
  config.mirror.enabled = config.mirror.comments = config.sync.enabled = true;
  ::setenv("DEVY_FAULT", (fault + "=kill").c_str(), 1);
  base::log::configure(base::log::Level::error, base::log::Format::logfmt);
  const queue::OnProgress on_progress;
  const queue::HandlerContext context{config, base::system_clock(), base::system_random(),
                                      on_progress};
  systems::Handlers handlers(std::string(queue::work_lane), context);
  queue::Runner runner({queue::worker_name(0), conninfo, config.database, config.queue},
                       base::system_clock(), base::system_random());
  handlers.add_to(runner);
  constexpr int operations_max = 100;
  runner.run_all({}, operations_max);
  return 0;
}

const bool is_registered = [] {
  process::register_role(killed_role, sync_until_it_dies);
  return true;
}();

class KilledConnection : public testing::SyncFixture,
                         public ::testing::WithParamInterface<std::tuple<const char*, int>> {
 protected:
  void SetUp() override {
    if (!base::has_fault_points) GTEST_SKIP() << "this build has no fault points";
    ASSERT_TRUE(is_registered);
    control(R"([
      {"do": "fill", "repository": "alice/notes", "issues": 12, "labels": 3, "comments": 9,
       "users": 3, "seed": 3},
      {"do": "token", "token": "ghp_mirror", "user": "alice", "scopes": ["repo"]}])");
    add_project();
  }
  void run_killed() const {
    auto child = process::Child::spawn(killed_role, {});
    const auto& [point, time] = GetParam();
    ASSERT_TRUE(child.send(std::string(point) + ":" + std::to_string(time) + "\n" +
                           database_.conninfo() + "\n" + config_.sync.marker_key_file + "\n"));
    // It sends nothing: that is its end.
    std::string nothing;
    ASSERT_EQ(child.receive(nothing, 1, testing::time_factor * std::chrono::seconds(60)),
              process::ReadResult::end);
    const auto ended = child.wait();
    if (std::get<int>(GetParam()) == 1) {
      EXPECT_EQ(ended, "killed by signal 9 (Killed)");
    }
  }
};

TEST_P(KilledConnection, HasTheSameRowsInTheEnd) {
  const auto id = connect();
  for (int kill = 0; kill < 2; ++kill) {
    run_lane(queue::github_lane);
    run_killed();
    // Its worker is dead, and the operation is due again.
    database_.execute(
        "update devy.lease set lease_expires_at = clock_timestamp() - interval '1 minute' "
        "where operation_id is not null");
    database_.execute(
        "update devy.operation set run_at = clock_timestamp() where state = 'verified'");
  }
  run_all();
  EXPECT_EQ(state_of_connection(), "synced");
  EXPECT_EQ(scalar("select count(*) from devy.task"), "12");
  EXPECT_EQ(scalar("select count(*) from devy.comment"), "9");
  auto connection = open();
  EXPECT_TRUE(compare(connection, id).is_equal());
}

INSTANTIATE_TEST_SUITE_P(AtEachPoint, KilledConnection,
                         ::testing::Combine(::testing::Values("before_connection_write",
                                                              "before_connection_commit"),
                                            ::testing::Values(1, 2, 3)));

}  // namespace killed_connection_test
}  // namespace devy::sync
