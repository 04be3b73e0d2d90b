// Nothing tells the daemons of a push: no delivery comes, nobody triggers.
#include <gtest/gtest.h>

#include <chrono>

#include "tests/e2e/daemon/daemon_fixture.hpp"
#include "tests/support/look_again.hpp"
#include "tests/support/time_factor.hpp"

namespace devy::testing {
namespace maintenance_test {

constexpr const char* hasty = "[reconcile]\nevery = \"1s\"\nconcurrency = 2\n[workers]\nmax = 2\n";

class MaintenanceTest : public DaemonFixture {
 protected:
  // Newly connected blogs give their owners a minute to push.
  void make_all_due() {
    database_.execute(
        "update devy.reconcile_schedule set reconcile_at = clock_timestamp(), verify_at = "
        "clock_timestamp()");
  }
  void wait_until(const std::string& sql, long wanted) const {
    const auto until = std::chrono::steady_clock::now() + time_factor * std::chrono::seconds(60);
    for (; database_.number(sql) != wanted; pause_before_looking_again())
      if (std::chrono::steady_clock::now() > until)
        throw std::runtime_error("it never was " + std::to_string(wanted) + ": " + sql);
  }
  ProgramResult run(const std::vector<std::string>& arguments) const {
    auto call = daemon_call();
    call.program = "devy-upload";
    call.arguments = arguments;
    return run_program(call);
  }
};

TEST_F(MaintenanceTest, FindsAPushWithoutAWebhook) {
  configure(hasty);
  const auto blog = new_blog();
  make_all_due();
  auto daemon = start();
  wait_until("select count(*) from devy.post", 1);
  auto& author = *authors_.front();
  author.write_file("again.md", "# Again\n");
  author.commit();
  author.push(folder_ / "repositories/user1/blog.git");
  wait_until("select count(*) from devy.post", 2);
  wait_for_answer("/metrics", 200, "devy_reconcile_missed_total 2");
  // And three while nobody was there to be told.
  stop(*daemon);
  for (const auto* name : {"third.md", "fourth.md", "fifth.md"}) {
    author.write_file(name, "# Once more\n");
    author.commit();
    author.push(folder_ / "repositories/user1/blog.git");
  }
  daemon = start();
  wait_until("select count(*) from devy.post", 5);
  wait_for_answer("/metrics", 200, "devy_reconcile_missed_total 1");
  stop(*daemon);
  EXPECT_EQ(broken_promises(), std::vector<std::string>{});
}

TEST_F(MaintenanceTest, DetectsDriftAndRepairsItWhenConfigured) {
  configure(std::string(hasty) + "[verify]\nrepair = true\n");
  const auto blog = new_blog();
  make_all_due();
  auto daemon = start();
  wait_until("select count(*) from devy.post", 1);
  database_.execute(
      "delete from devy.revision; delete from devy.post; update devy.reconcile_schedule set "
      "verify_at = "
      "clock_timestamp()");
  daemon->wait_for("event=\"blog drifted\" blog=\"user1/blog\"");
  wait_until("select count(*) from devy.post", 1);
  wait_for_answer("/metrics", 200, "devy_reconcile_drift_total 1");
  stop(*daemon);
  EXPECT_EQ(broken_promises(), std::vector<std::string>{});
}

TEST_F(MaintenanceTest, SharesTheBlogsBetweenFiveDaemonsAndStopsWhilePaused) {
  constexpr int count = 30;
  configure("[reconcile]\nconcurrency = 2\n[workers]\nmax = 2\n");  // each blog is asked but once
  const auto blogs = new_blogs(count);
  ASSERT_EQ(run({"queue", "pause", "--yes"}).status, 0);
  auto daemons = start_many(5);
  make_all_due();
  wait_until("select count(*) from devy.operation where state = 'verified'", count);
  EXPECT_EQ(database_.number("select count(*) from devy.attempt"), 0);
  ASSERT_EQ(run({"queue", "resume", "--yes"}).status, 0);
  wait_until("select count(*) from devy.operation where finished_at is null", 0);
  for (auto& daemon : daemons)
    stop(*daemon);
  EXPECT_EQ(database_.number("select count(*) from devy.operation where state = 'completed'"),
            count);
  EXPECT_EQ(database_.number("select count(*) from devy.attempt"), count) << database_.scalar(
      "select string_agg(concat_ws(' ', number, outcome, error_code, error_text), '; ')"
      " from devy.attempt where outcome <> 'completed'");
  EXPECT_EQ(broken_promises(), std::vector<std::string>{});
}

TEST_F(MaintenanceTest, DeletesOldRecordsByItselfAndTellsSo) {
  configure("[prune]\nevery = \"1s\"\nolder_than = \"1h\"\n");
  database_.execute(
      "insert into devy.delivery (guid, event, verdict, received_at) select gen_random_uuid(), "
      "'push', 'ignored', now() - n * interval '30 minutes' from generate_series(1, 70) n");
  const auto daemon = start();
  wait_until("select count(*) from devy.delivery", 1);
  wait_for_answer("/metrics", 200, "devy_pruned_rows_total 69");
  wait_for_answer("/metrics", 200, "devy_prune_behind_seconds{rows=\"deliveries\"}");
  stop(*daemon);
}

}  // namespace maintenance_test
}  // namespace devy::testing
