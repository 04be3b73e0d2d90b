// F12, F13, F22, F32, F38, F39: locks, clocks, limits and a log that nobody reads.
#include <signal.h>
#include <sys/resource.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "core/platform/pg/connection.hpp"
#include "tests/faults/daemon/fault_fixture.hpp"
#include "tests/support/http/raw_http.hpp"

namespace devy::testing {
namespace environment_test {

class DaemonUnderStress : public FaultFixture {
 protected:
  [[nodiscard]] pg::Connection open_session() const {
    return pg::Connection::open(database_.conninfo(), config::Database{}, "somebody");
  }
  void wait_for_a_blocked_session() const {
    wait_until([&] { return is_a_session_blocked(); }, "a session that waits for a lock");
  }
};

constexpr pg::Statement lock_posts{"lock_posts",
                                   "lock table devy.revision in access exclusive mode"};

// F12: which of the two bounds ends the wait.
struct Bound {
  const char* name;
  const char* settings;
  const char* code;
};
class UploadBehindLock : public DaemonUnderStress, public ::testing::WithParamInterface<Bound> {};

TEST_P(UploadBehindLock, WaitsUntilTheLockIsReleased) {
  configure_more(std::string("[database]\n") + GetParam().settings);
  const auto blog = new_blog();
  auto daemon = start();
  auto session = open_session();
  pg::Transaction transaction(session);
  session.execute(lock_posts);
  const auto id = trigger(blog);
  wait_until_ended(*daemon, id, 1, "verified");
  EXPECT_EQ(database_.scalar("select outcome || ' ' || error_code from devy.attempt"),
            std::string("retry ") + GetParam().code);
  transaction.rollback();
  make_due();
  wait_until_ended(*daemon, id, 2, "completed");
  expect_all_well(*daemon);
}

INSTANTIATE_TEST_SUITE_P(
    By, UploadBehindLock,
    ::testing::Values(Bound{"LockTimeout", "lock_timeout = 1\n", "database_locked"},
                      Bound{"StatementTimeout", "statement_timeout = 1\nlock_timeout = 30\n",
                            "database_timeout"}),
    [](const auto& bound) { return std::string(bound.param.name); });

constexpr pg::Statement lock_one_post{"lock_one_post",
                                      "select from devy.post where path = 'hello.md' for update"};
constexpr pg::Statement lock_leases{"lock_leases", "update devy.lease set worker = worker"};

// The worker has its lease and wants the post; somebody has the post and wants the lease. One of
// them is told, and if it is the worker it tries again.
TEST_F(DaemonUnderStress, LosesAtMostOneAttemptToADeadlock) {
  const auto blog = new_blog();
  auto daemon = start();
  wait_until_ended(*daemon, trigger(blog), 1, "completed");
  authors_.front()->write_file("hello.md", "# Hello again\n");
  authors_.front()->commit("Say hello again");
  authors_.front()->push(folder_ / "repositories/user1/blog.git");
  auto session = open_session();
  {
    pg::Transaction transaction(session);
    static_cast<void>(session.query(lock_one_post));
    const auto id = trigger(blog);
    wait_for_a_blocked_session();
    try {
      session.execute(lock_leases);
    } catch (const base::Error&) {
      // It was we who were told.
    }
  }
  wait_until(
      [&] {
        make_due();
        return database_.number("select count(*) from devy.operation where state = 'completed'") ==
               2;
      },
      "the second upload");
  wait_until(
      [&] {
        return database_.number(
                   "select deadlocks from pg_stat_database where datname = current_database()") > 0;
      },
      "PostgreSQL to have seen the deadlock");
  expect_all_well(*daemon);
}

constexpr const char* fake_clock = "libfaketimeMT.so.1";

std::string find_fake_clock() {
  for (const std::string folder : {"/usr/lib/x86_64-linux-gnu/faketime/",
                                   "/usr/lib/aarch64-linux-gnu/faketime/", "/usr/lib/faketime/"})
    if (std::ifstream(folder + fake_clock)) return folder + fake_clock;
  throw std::runtime_error("no libfaketime: scripts/install-deps brings it");
}

// F22: leases are by the database's clock, timers by one that only goes on.
class SkewedClock : public FaultFixture, public ::testing::WithParamInterface<const char*> {};

TEST_P(SkewedClock, ChangesNothing) {
  const auto blog = new_blog_of(2);
  auto call = daemon_call();
  call.environment["LD_PRELOAD"] = find_fake_clock();
  call.environment["FAKETIME"] = GetParam();
  call.environment["FAKETIME_DONT_RESET"] = "1";
  auto daemon = std::make_unique<Program>(call);
  daemon->wait_for("event=\"daemon ready\"");
  const auto id = trigger(blog);
  wait_until_ended(*daemon, id, 1, "completed");
  EXPECT_EQ(database_.number("select count(*) from devy.post where created_at > now() + interval"
                             " '1 minute' or created_at < now() - interval '1 minute'"),
            0);
  expect_all_well(*daemon);
}

INSTANTIATE_TEST_SUITE_P(By, SkewedClock, ::testing::Values("+1h", "-1h", "+20y"),
                         [](const auto& by) {
                           const std::string text = by.param;
                           return (text[0] == '+' ? "plus" : "minus") + text.substr(1);
                         });

// The clock goes back an hour while a worker is in the middle of its fetch.
class JumpingClock : public FaultFixture {};

TEST_F(JumpingClock, ChangesNothingWhenItJumpsBackDuringAnUpload) {
  const auto blog = new_blog();
  write_text(folder_ / "clock", "+0\n");
  auto call = daemon_call();
  call.environment["LD_PRELOAD"] = find_fake_clock();
  call.environment["FAKETIME_TIMESTAMP_FILE"] = folder_ / "clock";
  call.environment["FAKETIME_NO_CACHE"] = "1";
  auto daemon = std::make_unique<Program>(call);
  daemon->wait_for("event=\"daemon ready\"");
  const auto id = trigger_and_hold(blog);
  write_text(folder_ / "clock", "-1h\n");
  door_.open();
  wait_until_ended(*daemon, id, 1, "completed");
  expect_all_well(*daemon);
}

// F32: the worker's memory ends in the middle of its work.
TEST_F(DaemonUnderStress, LosesOneAttemptWhenMemoryRunsOut) {
  const auto blog = new_blog_of(20);
  auto daemon = start_with("after_tree_walk:1=stop");
  const auto id = trigger(blog);
  const auto worker = wait_for_a_stopped(*daemon);
  std::uint64_t pages = 0;
  std::ifstream("/proc/" + std::to_string(worker) + "/statm") >> pages;
  const rlimit limit{pages * 4096, pages * 4096};
  ASSERT_EQ(::prlimit(worker, RLIMIT_AS, &limit, nullptr), 0);
  ASSERT_EQ(::prlimit(worker, RLIMIT_DATA, &limit, nullptr), 0);
  ASSERT_EQ(::kill(worker, SIGCONT), 0);
  wait_until(
      [&] {
        return database_.number(
                   "select count(*) from devy.attempt where ended_at is not"
                   " null") > 0;
      },
      "the attempt to end");
  EXPECT_EQ(get("/healthz").status, 200);
  const auto code = database_.scalar("select error_code from devy.attempt where number = 1");
  EXPECT_TRUE(code == "out_of_memory" || code == "worker_lost")
      << database_.scalar("select error_text from devy.attempt where number = 1");
  // Whether it was told or died of it: a worker with memory does the rest.
  ::kill(worker, SIGKILL);
  wait_until(
      [&] {
        make_due();
        return state_of(id) == "completed";
      },
      "the upload to be completed");
  expect_all_well(*daemon);
}

// F38: whoever reads the log is gone.
TEST_F(DaemonUnderStress, PublishesWithoutALog) {
  const auto blog = new_blog();
  auto daemon = start();
  daemon->close_messages();
  const auto id = trigger(blog);
  wait_until_state(id, "completed");
  expect_all_well(*daemon);
}

// F38: the log is a file, and its disk is full.
TEST_F(DaemonUnderStress, PublishesWhenTheDiskOfTheLogIsFull) {
  const auto blog = new_blog();
  auto call = daemon_call();
  call.messages_to = "/dev/full";
  Program daemon(call);
  service_manager_.wait_for("READY=1");
  wait_until_state(trigger(blog), "completed");
  daemon.send_signal(SIGHUP);
  service_manager_.wait_for("READY=1", 2);
  wait_until_state(trigger(blog), "completed");
  expect_all_well(daemon);
}

// F39: far fewer descriptors than senders.
TEST_F(DaemonUnderStress, RefusesSendersButPublishesWhenDescriptorsAreFew) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const auto blog = new_blog();
  constexpr rlim_t few = 64;
  const rlimit limited{few, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &limited), 0);
  auto daemon = std::make_unique<Program>(daemon_call());
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  daemon->wait_for("event=\"daemon ready\"");
  std::vector<std::unique_ptr<RawConnection>> idle;
  for (rlim_t n = 0; n < 2 * few; ++n)
    idle.push_back(std::make_unique<RawConnection>("unix:" + (folder_ / "public")));
  EXPECT_EQ(get("/healthz").status, 200);
  const auto id = trigger(blog);
  wait_until_state(id, "completed");
  idle.clear();
  wait_until([&] { return deliver(1) == 202; }, "the listener to take deliveries again");
  wait_until_state(database_.scalar("select operation_id from devy.upload where delivery_guid is"
                                    " not null"),
                   "completed");
  expect_all_well(*daemon);
}

// F39: not one descriptor more, when processes have to be replaced.
TEST_F(DaemonUnderStress, StartsNothingAndRecoversWithoutDescriptorsForAProcess) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP()
      << "UBSan wants a pipe to look at an object's type, and reports what it cannot look at";
#endif
  const auto blog = new_blog();
  auto daemon = start();
  const auto descriptors = "/proc/" + std::to_string(daemon->pid()) + "/fd/";
  rlim_t lowest_free = 0;
  while (std::filesystem::is_symlink(descriptors + std::to_string(lowest_free)))
    ++lowest_free;
  rlimit before{};
  ASSERT_EQ(::prlimit(daemon->pid(), RLIMIT_NOFILE, nullptr, &before), 0);
  const rlimit limited{lowest_free, before.rlim_max};
  ASSERT_EQ(::prlimit(daemon->pid(), RLIMIT_NOFILE, &limited, nullptr), 0);
  for (const auto* role : {"listener", "worker"})
    ASSERT_EQ(::kill(wait_for_a(role, *daemon), SIGKILL), 0);
  daemon->wait_for("event=\"process not started\" role=\"listener\" error=\"unable to start");
  daemon->wait_for("event=\"process not started\" role=\"worker\"");
  wait_for_answer("/readyz", 503, "processes: not all of them are ready");
  EXPECT_EQ(get("/healthz").status, 200);
  const auto id = trigger(blog);
  EXPECT_EQ(fate_of(id), "0 verified");
  ASSERT_EQ(::prlimit(daemon->pid(), RLIMIT_NOFILE, &before, nullptr), 0);
  wait_until_state(id, "completed");
  wait_for_answer("/readyz", 200, "");
  EXPECT_EQ(deliver(1) / 100, 2);
  expect_all_well(*daemon);
}

}  // namespace environment_test
}  // namespace devy::testing
