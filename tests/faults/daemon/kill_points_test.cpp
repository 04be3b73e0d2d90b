// F1, F2, F3, F6, F21, F36: processes of the daemon die, throw or stand still at every named point.
#include <signal.h>

#include <filesystem>
#include <thread>

#include "tests/faults/daemon/fault_fixture.hpp"

namespace devy::testing {
namespace kill_points_test {

struct Point {
  const char* name;
  int nth;
  const char* fates;  // of the upload: attempt and state, any of these
};

std::string name_of(const ::testing::TestParamInfo<Point>& info) {
  return std::string(info.param.name) + "_" + std::to_string(info.param.nth);
}

std::string fault_of(const Point& point, const char* action) {
  return std::string(point.name) + ":" + std::to_string(point.nth) + "=" + action;
}

auto points_of_a_delivery() {
  return ::testing::Values(Point{"after_body_read", 1, ""}, Point{"after_delivery_insert", 1, ""},
                           Point{"before_webhook_response", 1, ""});
}

auto points_of_an_upload() {
  return ::testing::Values(Point{"after_claim", 1, ""}, Point{"during_fetch", 1, ""},
                           Point{"after_fetch", 1, ""}, Point{"before_folder_rename", 1, ""},
                           Point{"after_tree_walk", 1, ""}, Point{"during_render", 2, ""},
                           Point{"before_publish_begin", 1, ""}, Point{"before_post_write", 2, ""},
                           Point{"before_publish_commit", 1, ""}, Point{"after_commit_sent", 3, ""},
                           Point{"after_commit_sent", 4, ""}, Point{"after_publish_commit", 1, ""},
                           Point{"before_folder_removal", 1, ""});
}

// F1: the next worker goes on, whatever the last one was doing.
class KilledWorker : public FaultFixture, public ::testing::WithParamInterface<Point> {};

TEST_P(KilledWorker, IsReplacedAndItsUploadContinues) {
  const auto& point = GetParam();
  const auto blog = new_blog_of(3);
  auto daemon = start_with(fault_of(point, "kill"));
  const auto id = trigger(blog);
  wait_until_state(id, "completed");
  wait_until([&] { return passed(point.name) >= static_cast<std::size_t>(point.nth); },
             "the point to be passed");
  EXPECT_NE(std::string(point.fates).find(fate_of(id)), std::string::npos) << fate_of(id);
  daemon->wait_for("cause=\"crashed\"");
  // What it left goes with the next worker's sweep; a folder that had no name yet, a minute later.
  std::error_code gone;
  for (const auto& left : std::filesystem::directory_iterator(runtime_directory()))
    std::filesystem::last_write_time(
        left, std::filesystem::file_time_type::clock::now() - std::chrono::minutes(2), gone);
  daemon->send_signal(SIGHUP);
  wait_until([&] { return std::filesystem::is_empty(runtime_directory()); }, "the sweep");
  expect_all_well(*daemon);
}

constexpr const char* in_its_second = "2 completed";
constexpr const char* in_its_first = "1 completed";
constexpr const char* whatever_it_was_told = "1 completed, 2 completed";

INSTANTIATE_TEST_SUITE_P(
    AtEachPoint, KilledWorker,
    ::testing::Values(
        Point{"after_claim", 1, in_its_second}, Point{"before_connect", 1, in_its_first},
        Point{"during_fetch", 1, in_its_second}, Point{"during_fetch", 2, in_its_second},
        Point{"after_fetch", 1, in_its_second}, Point{"before_folder_rename", 1, in_its_second},
        Point{"after_tree_walk", 1, in_its_second}, Point{"during_render", 1, in_its_second},
        Point{"during_render", 2, in_its_second}, Point{"during_render", 3, in_its_second},
        Point{"during_render", 4, in_its_second}, Point{"before_publish_begin", 1, in_its_second},
        Point{"before_post_write", 1, in_its_second}, Point{"before_post_write", 2, in_its_second},
        Point{"before_post_write", 3, in_its_second}, Point{"before_post_write", 4, in_its_second},
        Point{"before_publish_commit", 1, in_its_second},
        Point{"after_commit_sent", 3, whatever_it_was_told},
        Point{"after_commit_sent", 4, whatever_it_was_told},
        Point{"after_publish_commit", 1, in_its_first},
        Point{"before_folder_removal", 1, in_its_first}),
    name_of);

// F2: an exception that nobody expected costs an attempt and no process.
class Worker : public FaultFixture {};

TEST_F(Worker, RetriesAfterAnException) {
  const auto blog = new_blog();
  auto daemon = start_with("before_publish_begin:1=throw");
  const auto id = trigger(blog);
  wait_until_ended(*daemon, id, 1, "verified");
  make_due();
  wait_until_ended(*daemon, id, 2, "completed");
  EXPECT_EQ(
      database_.scalar("select outcome || ' ' || error_code from devy.attempt where number = 1"),
      "retry internal");
  expect_all_well(*daemon);
}

TEST_F(Worker, FailsAnUploadThatAbortsItEachTime) {
  const auto blog = new_blog();
  auto daemon = start_with("after_tree_walk=abort");
  const auto id = trigger(blog);
  wait_until_state(id, "failed");
  EXPECT_EQ(fate_of(id), "3 failed worker_crashed");
  EXPECT_NE(database_.scalar("select error_hint from devy.operation"), "");
  EXPECT_EQ(get("/healthz").status, 200);
  stop(*daemon);
  EXPECT_EQ(database_.number("select count(*) from devy.post"), 0);
}

// F31: an error of the disk ends the attempt; nothing of it is used again.
class DiskError : public FaultFixture, public ::testing::WithParamInterface<Point> {};

TEST_P(DiskError, CostsOneAttempt) {
  const auto blog = new_blog_of(2);
  auto daemon = start_with(fault_of(GetParam(), "eio"));
  const auto id = trigger(blog);
  wait_until_ended(*daemon, id, 1, "verified");
  make_due();
  wait_until_ended(*daemon, id, 2, "completed");
  expect_all_well(*daemon);
}

INSTANTIATE_TEST_SUITE_P(AtEachPoint, DiskError,
                         ::testing::Values(Point{"during_fetch", 1, ""},
                                           Point{"after_fetch", 1, ""},
                                           Point{"before_folder_rename", 1, ""},
                                           Point{"during_render", 2, ""},
                                           Point{"before_post_write", 2, ""}),
                         name_of);

// F6: PostgreSQL crashes while the worker is at this point; the worker stands still meanwhile, so
// that it is exactly there.
class UploadOverDatabaseCrash : public FaultFixture, public ::testing::WithParamInterface<Point> {};

TEST_P(UploadOverDatabaseCrash, WaitsUntilTheDatabaseIsBack) {
  const auto& point = GetParam();
  const auto blog = new_blog_of(2);
  auto daemon = start_with(fault_of(point, "stop"));
  const auto id = trigger(blog);
  const auto worker = wait_for_a_stopped(*daemon);
  postgres().restart(cluster::StopMode::immediate);
  ASSERT_EQ(::kill(worker, SIGCONT), 0);
  wait_until(
      [&] {
        make_due();
        return state_of(id) == "completed";
      },
      "the upload to be completed");
  expect_all_well(*daemon);
}

INSTANTIATE_TEST_SUITE_P(AtEachPoint, UploadOverDatabaseCrash, points_of_an_upload(), name_of);

// F6 for intake: the listener stands still between what it does for a delivery.
class ListenerOverDatabaseCrash : public FaultFixture,
                                  public ::testing::WithParamInterface<Point> {};

TEST_P(ListenerOverDatabaseCrash, AcknowledgesOnlyWhatIsStored) {
  const auto blog = new_blog();
  auto daemon = start_with(fault_of(GetParam(), "stop"));
  int status = 0;
  {
    const std::jthread sender([&] { status = deliver(1); });
    const auto listener = wait_for_a_stopped(*daemon);
    postgres().restart(cluster::StopMode::immediate);
    ASSERT_EQ(::kill(listener, SIGCONT), 0);
  }
  const auto stored = database_.number("select count(*) from devy.delivery");
  EXPECT_TRUE(status == 503 || (status / 100 == 2 && stored == 1)) << status << " " << stored;
  // As GitHub's "redeliver" would, once the listener has found the database again.
  wait_until([&] { return deliver(1) / 100 == 2; }, "the delivery to be taken");
  expect_taken_once(*daemon);
}

INSTANTIATE_TEST_SUITE_P(AtEachPoint, ListenerOverDatabaseCrash, points_of_a_delivery(), name_of);

// F36: an operator cancels while the worker is exactly there. Whoever comes first wins, and the
// command says who that was.
class CancelledWorker : public FaultFixture, public ::testing::WithParamInterface<Point> {};

TEST_P(CancelledWorker, PublishesOrChangesNothing) {
  const auto blog = new_blog_of(3);
  auto daemon = start_with(fault_of(GetParam(), "stop"));
  const auto id = trigger(blog);
  const auto worker = wait_for_a_stopped(*daemon);
  Program cancel(command({"cancel", id}));
  wait_until(
      [&] {
        return database_.number(
                   "select count(*) from devy.operation where finished_at is not null or"
                   " cancel_requested_at is not null") > 0 ||
               is_a_session_blocked();
      },
      "the cancellation to be asked for");
  ASSERT_EQ(::kill(worker, SIGCONT), 0);
  const auto said = cancel.wait();
  wait_until([&] { return !database_.scalar("select finished_at from devy.operation").empty(); },
             "the upload to end");
  const auto posts = database_.number("select count(*) from devy.post");
  if (state_of(id) == "cancelled") {
    EXPECT_EQ(said.status, 0) << said.err;
    EXPECT_EQ(posts, 0);
    wait_until_state(trigger(blog), "completed");
  } else {
    EXPECT_EQ(state_of(id), "completed");
    EXPECT_EQ(said.status, 5) << said.out << said.err;
    EXPECT_EQ(posts, 4);
  }
  expect_all_well(*daemon);
}

INSTANTIATE_TEST_SUITE_P(AtEachPoint, CancelledWorker, points_of_an_upload(), name_of);

// F21: a worker stands still for longer than its lease, another does its work, and it comes back.
class ZombieWorker : public FaultFixture, public ::testing::WithParamInterface<Point> {};

TEST_P(ZombieWorker, ChangesNothing) {
  configure_more(
      "[queue]\nlease_ttl = 2\n[workers]\nmin = 2\n[database]\n"
      "idle_in_transaction_timeout = \"1s\"\n");
  const auto blog = new_blog_of(2);
  auto daemon = start_with(fault_of(GetParam(), "stop"));
  const auto id = trigger(blog);
  const auto zombie = wait_for_a_stopped(*daemon);
  wait_until_state(id, "completed");
  const auto posts =
      database_.scalar("select md5(string_agg(p::text, ',' order by id)) from devy.post p");
  ASSERT_EQ(::kill(zombie, SIGCONT), 0);
  daemon->wait_for("event=\"lease lost\"");
  wait_for_answer("/metrics", 200, "devy_fenced_writes_total 1\n");
  EXPECT_EQ(posts,
            database_.scalar("select md5(string_agg(p::text, ',' order by id)) from devy.post p"));
  EXPECT_EQ(fate_of(id), "2 completed");
  expect_all_well(*daemon);
}

INSTANTIATE_TEST_SUITE_P(AtEachPoint, ZombieWorker,
                         ::testing::Values(Point{"after_tree_walk", 1, ""},
                                           Point{"before_publish_begin", 1, ""},
                                           Point{"before_publish_commit", 1, ""}),
                         name_of);

// F3: the listener dies between what it does for a delivery. GitHub sends it again, or a person
// does.
class KilledListener : public FaultFixture, public ::testing::WithParamInterface<Point> {};

TEST_P(KilledListener, AcknowledgesOnlyWhatIsStored) {
  const auto blog = new_blog();
  auto daemon = start_with(fault_of(GetParam(), "kill"));
  EXPECT_EQ(deliver(1), 0);
  daemon->wait_for("event=\"process ready\" role=\"listener\"", 2);
  EXPECT_GE(deliver(1), 200);
  expect_taken_once(*daemon);
}

INSTANTIATE_TEST_SUITE_P(AtEachPoint, KilledListener, points_of_a_delivery(), name_of);

// F3: the whole daemon dies while the listener is exactly there.
class KilledDaemon : public FaultFixture, public ::testing::WithParamInterface<Point> {};

TEST_P(KilledDaemon, AcknowledgesOnlyWhatIsStored) {
  const auto blog = new_blog();
  Program killed(call_with(fault_of(GetParam(), "stop")));
  killed.wait_for("event=\"daemon ready\"");
  {
    const std::jthread sender([&] { EXPECT_EQ(deliver(1), 0); });
    static_cast<void>(wait_for_a_stopped(killed));
    killed.send_signal(SIGKILL);
  }
  // Its log ends only when the last of its children has closed it.
  EXPECT_EQ(killed.wait().status, 128 + SIGKILL);
  auto daemon = start();
  EXPECT_EQ(deliver(1) / 100, 2);
  expect_taken_once(*daemon);
}

INSTANTIATE_TEST_SUITE_P(AtEachPoint, KilledDaemon, points_of_a_delivery(), name_of);

// F3: the supervisor dies; its children go with it, and the next daemon finishes what they began.
class KilledSupervisor : public FaultFixture, public ::testing::WithParamInterface<Point> {};

TEST_P(KilledSupervisor, IsReplacedAndUploadsContinue) {
  const auto& point = GetParam();
  const auto blog = new_blog();
  Program killed(call_with(fault_of(point, "kill")));
  if (std::string(point.name) != "before_child_exec") {
    killed.wait_for("event=\"daemon ready\"");
    const auto id = trigger_and_hold(blog);
    if (std::string(point.name) == "before_child_reap") ::kill(worker_of(id), SIGKILL);
    if (std::string(point.name) == "during_reload") killed.send_signal(SIGHUP);
    if (std::string(point.name) == "during_drain") killed.send_signal(SIGTERM);
  }
  // Its log ends only when the last of its children has closed it.
  EXPECT_EQ(killed.wait().status, 128 + SIGKILL);
  door_.open();
  auto daemon = start();
  if (std::string(point.name) == "before_child_exec") static_cast<void>(trigger(blog));
  wait_until_state(database_.scalar("select id from devy.operation"), "completed");
  expect_all_well(*daemon);
}

INSTANTIATE_TEST_SUITE_P(AtEachPoint, KilledSupervisor,
                         ::testing::Values(Point{"before_child_exec", 1, ""},
                                           Point{"before_child_exec", 3, ""},
                                           Point{"before_child_reap", 1, ""},
                                           Point{"during_reload", 1, ""},
                                           Point{"during_drain", 1, ""}),
                         name_of);

}  // namespace kill_points_test
}  // namespace devy::testing
