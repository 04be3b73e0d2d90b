// Workers that are killed, hang, come and go.
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/e2e/daemon/daemon_fixture.hpp"

namespace devy::testing {
namespace workers_test {

class WorkerPool : public DaemonFixture {};

TEST_F(WorkerPool, ContinuesWhenOneWorkerIsKilled) {
  configure("[workers]\nmin = 2\n");
  const auto blog = new_blog(), other = new_blog();
  auto daemon = start();
  const auto id = trigger_and_hold(blog);
  const auto running = trigger(other);
  door_.wait_for_visitors(2);
  ASSERT_EQ(::kill(worker_of(id), SIGKILL), 0);
  daemon->wait_for("cause=\"crashed\" operation=\"" + id + "\" step=\"fetch\"");
  door_.open();
  wait_until_ended(*daemon, running, 1, "completed");
  wait_until_ended(*daemon, id, 2, "completed");
  wait_for_answer("/metrics", 200, "devy_worker_exits_total{cause=\"crashed\"} 1");
  wait_for_answer("/metrics", 200, "devy_leases_expired_total 1");
  // What the dead one had fetched into.
  wait_for_answer("/metrics", 200, "devy_orphans_removed_total 1");
  stop(*daemon);
  EXPECT_EQ(broken_promises(), std::vector<std::string>{});
}

TEST_F(WorkerPool, FailsAnUploadThatKillsThreeWorkers) {
  const auto blog = new_blog();
  auto daemon = start();
  door_.close();
  const auto id = trigger(blog);
  for (int crash = 1; crash <= 3; ++crash) {
    door_.wait_for_visitors(crash);
    ASSERT_EQ(::kill(worker_of(id), SIGSEGV), 0);
  }
  // Who was lost is in the attempt; of what it died, in the journal under the upload's id.
  daemon->wait_for(
      "event=\"process ended\" role=\"worker\" ending=\"killed by signal 11"
      " (Segmentation fault)\" cause=\"crashed\" operation=\"" +
          id + "\"",
      3);
  daemon->wait_for("event=\"operations of dead workers released\"", 3);
  EXPECT_EQ(fate_of(id), "3 failed worker_crashed");
  EXPECT_EQ(database_.number("select count(*) from devy.attempt where error_code = 'worker_lost'"
                             " and error_text <> '' and error_hint <> ''"),
            3);
  // The daemon is as well as ever.
  door_.open();
  wait_until_ended(*daemon, trigger(blog), 1, "completed");
  stop(*daemon);
}

// A worker that stands still in the middle: nothing in it ends the fetch, or tells of progress.
class WorkerTimeout : public WorkerPool {
 protected:
  void expect_killed(const std::string& cause) {
    const auto blog = new_blog();
    auto daemon = start();
    const auto id = trigger_and_hold(blog);
    ASSERT_EQ(::kill(worker_of(id), SIGSTOP), 0);
    daemon->wait_for("event=\"worker killed\" cause=\"" + cause + "\"");
    daemon->wait_for("event=\"operations of dead workers released\"");
    EXPECT_EQ(database_.scalar("select outcome from devy.attempt order by number limit 1"),
              "rescued");
    door_.open();
    stop(*daemon);
  }
};

TEST_F(WorkerTimeout, KillsAWorkerThatMakesNoProgress) {
  configure("[workers]\nstall = 1\n");
  expect_killed("stall");
}

TEST_F(WorkerTimeout, KillsAWorkerAtTheWallClockLimit) {
  configure("[workers]\nwall_clock = 1\n");
  expect_killed("wall_clock");
}

TEST_F(WorkerPool, GrowsWithTheLoadAndShrinksWhenIdle) {
  configure("[workers]\nmax = 3\nidle = 1\n");
  std::vector<std::string> blogs, uploads;
  for (int n = 0; n < 4; ++n)
    blogs.push_back(new_blog());
  auto daemon = start();
  door_.close();
  for (const auto& blog : blogs)
    uploads.push_back(trigger(blog));
  door_.wait_for_visitors(3);
  auto call = daemon_call();
  call.program = "devy-upload";
  call.arguments = {"worker", "list", "--json"};
  const auto listed = run_program(call).out;
  EXPECT_NE(listed.find("\"version\": \""), std::string::npos) << listed;
  EXPECT_NE(listed.find("\"id\": \"" + uploads[0]), std::string::npos) << listed;
  EXPECT_NE(listed.find("\"blog\": \"user2/blog\""), std::string::npos) << listed;
  wait_for_answer("/metrics", 200, "devy_workers{busy=\"true\"} 3");
  wait_for_answer("/metrics", 200, "devy_operations{kind=\"upload\",state=\"verified\"} 1");
  door_.open();
  for (const auto& id : uploads)
    wait_until_ended(*daemon, id, 1, "completed");
  daemon->wait_for("event=\"process exited\" role=\"worker\"", 2);
  wait_for_answer("/metrics", 200, "devy_workers{busy=\"false\"} 1");
  wait_for_answer("/metrics", 200, "devy_push_to_visible_seconds_count 4");
  wait_for_answer("/metrics", 200, "devy_operation_attempts_total{outcome=\"completed\"} 4");
  wait_for_answer("/metrics", 200, "devy_operation_step_duration_seconds_count{step=\"fetch\"} 4");
  wait_for_answer("/metrics", 200, "devy_posts_changed_total{op=\"created\"} 4");
  stop(*daemon);
}

TEST_F(WorkerPool, CountsTheRejectedFiles) {
  const auto blog = new_blog();
  authors_[0]->write_file("broken.md", "---\ntitle: [\n---\nText.\n");
  authors_[0]->write_file("large.md", std::string(600'000, 'x'));
  authors_[0]->commit();
  authors_[0]->push(folder_ / "repositories/user1/blog.git");
  auto daemon = start();
  wait_until_ended(*daemon, trigger(blog), 1, "completed");
  wait_for_answer("/metrics", 200, "devy_render_rejected_total{reason=\"invalid\"} 1");
  wait_for_answer("/metrics", 200, "devy_render_rejected_total{reason=\"too_large\"} 1");
  stop(*daemon);
}

TEST_F(WorkerPool, ReplacesAWorkerAfterItsLastOperation) {
  configure("[workers]\noperations_max = 1\n");
  const auto blog = new_blog();
  auto daemon = start();
  const auto id = trigger(blog);
  wait_until_ended(*daemon, id, 1, "completed");
  daemon->wait_for("event=\"worker retired\" operations=1");
  daemon->wait_for("event=\"process exited\" role=\"worker\" ending=\"exit status 0\"");
  wait_until_ended(*daemon, trigger(blog), 1, "completed");
  // The line that tells of an end says of what: an upload, of which repository.
  const auto log = stop(*daemon);
  const auto at = log.find("event=\"attempt ended\" operation=\"" + id);
  const auto line = log.substr(at, log.find('\n', at) - at);
  EXPECT_NE(line.find(" repository=\"" + server_->url("user1/blog.git") + "\" delivery=\"\""),
            std::string::npos)
      << line;
}

}  // namespace workers_test
}  // namespace devy::testing
