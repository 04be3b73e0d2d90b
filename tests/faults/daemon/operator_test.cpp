// F37, F4: an operator does things while the daemon works on the same repository.
#include <signal.h>

#include <filesystem>

#include "tests/faults/daemon/fault_fixture.hpp"

namespace devy::testing {
namespace operator_test {

class Operator : public FaultFixture {
 protected:
  void push_again(const std::string& name) {
    authors_.front()->write_file(name, "# Again\n");
    authors_.front()->commit("Write again");
    authors_.front()->push(folder_ / "repositories/user1/blog.git");
  }
};

TEST_F(Operator, WaitsOrIsRefusedWhileTheDaemonRunsTheSameRepository) {
  const auto blog = new_blog();
  auto daemon = start();
  const auto running = trigger_and_hold(blog);
  const auto replay = run_program(command({"replay", running}));
  EXPECT_EQ(replay.status, 5) << replay.err;
  push_again("second.md");
  const auto waiting = trigger(blog);
  // A worker in the foreground sweeps what is abandoned, and runs nothing of that repository.
  const auto poll = run_program(command({"poll", "--once"}));
  EXPECT_EQ(poll.status, 0) << poll.err;
  EXPECT_NE((poll.out + poll.err).find("ran 0 uploads"), std::string::npos) << poll.out << poll.err;
  EXPECT_EQ(run_program(command({"prune", "--yes"})).status, 0);
  EXPECT_FALSE(std::filesystem::is_empty(runtime_directory())) << "the clone of who runs is gone";
  EXPECT_EQ(database_.number("select count(*) from devy.lease where operation_id is not null"), 1);
  door_.open();
  wait_until_state(waiting, "completed");
  expect_all_well(*daemon);
}

// Two at once, and the daemon: the upload is opened again once, and ends once more.
TEST_F(Operator, ReplaysOneUploadTwiceAtOnce) {
  const auto blog = new_blog();
  auto daemon = start();
  const auto id = trigger(blog);
  wait_until_state(id, "completed");
  door_.close();
  Program first(command({"replay", id})), second(command({"replay", id}));
  const auto statuses = std::pair(first.wait().status, second.wait().status);
  EXPECT_TRUE((statuses == std::pair(0, 5)) || (statuses == std::pair(5, 0)))
      << statuses.first << " " << statuses.second;
  door_.open();
  wait_until_state(id, "completed");
  EXPECT_EQ(fate_of(id), "2 completed");
  expect_all_well(*daemon);
}

// F4: a second SIGTERM gives back what runs, and nothing of it lies about.
TEST_F(Operator, LeavesNothingBehindWithASecondSigterm) {
  const auto blog = new_blog();
  auto daemon = start();
  const auto id = trigger_and_hold(blog);
  EXPECT_EQ(deliver(1) / 100, 2);
  daemon->send_signal(SIGTERM);
  daemon->wait_for("event=\"draining\"");
  service_manager_.wait_for("STOPPING=1");
  daemon->send_signal(SIGTERM);
  EXPECT_EQ(daemon->wait().status, 0);
  EXPECT_TRUE(std::filesystem::is_empty(runtime_directory()));
  EXPECT_EQ(database_.number("select count(*) from devy.delivery"), 1);
  door_.open();
  daemon = start();
  wait_until(
      [&] {
        return database_.number("select count(*) from devy.operation where finished_at is null") ==
               0;
      },
      "everything to end");
  expect_all_well(*daemon);
}

}  // namespace operator_test
}  // namespace devy::testing
