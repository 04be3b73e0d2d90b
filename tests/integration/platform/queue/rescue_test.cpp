// Rule 5 of the queue: what workers leave behind that are gone.
#include "core/platform/queue/rescue.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <utility>

#include "tests/integration/platform/queue/queue_fixture.hpp"

namespace devy::testing {
namespace rescue_test {

using queue::State;

class RescueTest : public QueueTest {};

TEST_F(RescueTest, LeavesALiveLeaseAlone) {
  add_waiting();
  const auto lease = claim_one();
  EXPECT_EQ(queue::rescue_one(connection), std::nullopt);
  complete(lease, "a");
}

TEST_F(RescueTest, LetsAnExpiredOperationWaitAgain) {
  const auto id = add_waiting();
  expire(claim_one("host/7.7/1"));
  const auto rescued = queue::rescue_one(connection);
  ASSERT_TRUE(rescued.has_value());
  EXPECT_EQ(rescued->id, id);
  EXPECT_EQ(rescued->state, State::verified);
  EXPECT_EQ(column(id, "crashes || ' ' || error_code || ' ' || error_text"),
            "1 worker_lost the lease of worker host/7.7/1 ran out");
  EXPECT_EQ(queue::rescue_one(connection), std::nullopt);
  EXPECT_EQ(claim_one().fence, 3);
}

TEST_F(RescueTest, FailsTheThirdCrash) {
  const auto id = add_waiting();
  for (int crash = 1; crash <= 3; ++crash) {
    expire(claim_one());
    EXPECT_EQ(queue::rescue_one(connection)->state, crash < 3 ? State::verified : State::failed);
  }
  EXPECT_EQ(column(id, "error_code"), "worker_crashed");
  EXPECT_EQ(attempts(id), "1:rescued 2:rescued 3:rescued");
}

TEST_F(RescueTest, CountsCrashesFromZeroAfterAReplay) {
  const auto id = add_waiting();
  for (int crash = 1; crash <= 3; ++crash) {
    expire(claim_one());
    static_cast<void>(queue::rescue_one(connection));
  }
  queue::replay(connection, id, {});
  expire(claim_one());
  EXPECT_EQ(queue::rescue_one(connection)->state, State::verified);
}

// Work of many parts may be killed at each of them, but at the same one only twice.
TEST_F(RescueTest, CountsCrashesFromZeroAfterAPartOfTheWorkIsDone) {
  const auto id = add_waiting();
  for (int part = 1; part <= 4; ++part) {
    expire(claim_one());
    EXPECT_EQ(queue::rescue_one(connection)->state, State::verified) << part;
    const auto lease = claim_one();
    pg::Transaction done(connection);
    queue::fence(connection, lease, std::chrono::seconds(30));
    queue::advance(connection, lease);
    done.commit();
    EXPECT_EQ(column(id, "crashes || ' ' || attempt"), "0 1") << part;
    expire(lease);
    EXPECT_EQ(queue::rescue_one(connection)->state, State::verified);
  }
  expire(claim_one());
  EXPECT_EQ(queue::rescue_one(connection)->state, State::verified);
  expire(claim_one());
  EXPECT_EQ(queue::rescue_one(connection)->state, State::failed);
}

TEST_F(RescueTest, EndsWhatAPersonHasStopped) {
  const auto id = add_waiting();
  expire(claim_one());
  queue::cancel(connection, id, false, "by ann");
  EXPECT_EQ(queue::rescue_one(connection)->state, State::cancelled);
}

TEST_F(RescueTest, GivesWayToANewerOne) {
  add_waiting("a");
  const auto lease = claim_one();
  add_waiting("b");
  expire(lease);
  EXPECT_EQ(queue::rescue_one(connection)->state, State::cancelled);
}

TEST_F(RescueTest, SkipsALockedLease) {
  add_waiting();
  const auto locked = claim_one();
  const auto other = add_waiting_to(resource("2"));
  const auto free = claim_one();
  expire(locked);
  expire(free);
  auto worker = connect();
  const pg::Transaction publish(worker);
  queue::fence(worker, locked, std::chrono::milliseconds(-1));
  EXPECT_EQ(queue::rescue_one(connection)->id, other);
  EXPECT_EQ(queue::rescue_one(connection), std::nullopt);
}

TEST_F(RescueTest, NamesThisProcess) {
  const auto name = queue::worker_name(4);
  EXPECT_NE(name.find("/" + std::to_string(getpid()) + "."), std::string::npos) << name;
  EXPECT_TRUE(name.ends_with("/4"));
  EXPECT_EQ(name, queue::worker_name(4));
}

TEST_F(RescueTest, ReleasesWhatDeadProcessesOfThisHostHold) {
  const auto alive = queue::worker_name(1);
  const auto process = alive.substr(alive.find('/') + 1);
  const auto host = alive.substr(0, alive.find('/'));
  // The same process id, started at another time: another process.
  const auto reused = host + "/" + process.substr(0, process.find('.')) + ".1/1";
  const auto gone = host + "/4194303.5/1";
  add_waiting();
  claim_one(alive);
  for (const auto& worker : {reused, gone, std::string("elsewhere/4194303.5/1"), host + "/odd"}) {
    add_waiting_to(resource(worker));
    claim_one(worker);
  }
  EXPECT_EQ(queue::release_dead_workers(connection), 2);
  EXPECT_EQ(database.number("select count(*) from devy.lease where worker is not null"), 3);
  EXPECT_EQ(database.number("select count(*) from devy.operation where crashes = 1"), 2);
  EXPECT_EQ(queue::release_dead_workers(connection), 0);
}

// Machines that were cloned have one host name, and their process ids and start times repeat.
TEST_F(RescueTest, WaitsForTheLeaseOfAnotherBootToExpire) {
  const auto mine = queue::worker_name(1);
  const auto boot = mine.find('+') + 1;
  auto other = mine;
  other[boot] = mine[boot] == '0' ? '1' : '0';
  const auto process = mine.find('/') + 1;
  const auto gone = other.substr(0, process) + "4194303.5/1";
  const auto nameless = mine.substr(0, mine.find('+')) + "/4194303.5/1";  // of an earlier version
  add_waiting();
  auto lease = claim_one(gone);
  for (const auto& worker : {other, nameless}) {
    add_waiting_to(resource(worker));
    claim_one(worker);
  }
  EXPECT_EQ(queue::release_dead_workers(connection), 0);
  EXPECT_EQ(queue::rescue_one(connection), std::nullopt);
  expire(lease);
  EXPECT_EQ(queue::release_dead_workers(connection), 0);
  EXPECT_EQ(queue::rescue_one(connection)->id, lease.operation);
}

// A process of this host name in namespaces of its own. It lives until it is told to end.
class Elsewhere {
 public:
  // Returns nothing where this machine does not permit it; `obstacle` says why.
  static std::unique_ptr<Elsewhere> start(int namespaces, std::string& obstacle) {
    std::unique_ptr<Elsewhere> process(new Elsewhere);
    std::array<int, 2> names{}, orders{};
    if (pipe2(names.data(), O_CLOEXEC) != 0 || pipe2(orders.data(), O_CLOEXEC) != 0)
      throw std::runtime_error("no pipe");
    process->child_ = fork();
    if (process->child_ == 0) {
      close(names[0]);
      close(orders[1]);  // it ends when the only other one is closed
      run(namespaces, names[1], orders[0]);
    }
    close(names[1]);
    close(orders[0]);
    process->orders_ = orders[1];
    std::array<char, 512> answer{};
    const auto length = read(names[0], answer.data(), answer.size());
    close(names[0]);
    process->name_.assign(answer.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
    if (process->name_.starts_with('!')) {
      obstacle = process->name_.substr(1);
      return nullptr;
    }
    return process;
  }
  Elsewhere(const Elsewhere&) = delete;
  Elsewhere& operator=(const Elsewhere&) = delete;
  ~Elsewhere() { end(); }
  [[nodiscard]] const std::string& name() const { return name_; }
  void end() {
    if (orders_ >= 0) close(std::exchange(orders_, -1));
    if (child_ > 0) waitpid(std::exchange(child_, -1), nullptr, 0);
  }

 private:
  Elsewhere() = default;
  static void tell(int to, const std::string& text) {
    static_cast<void>(!write(to, text.data(), text.size()));
  }
  // A process namespace begins with the first child that is made in it, and has a /proc of its own.
  [[noreturn]] static void run(int namespaces, int names, int orders) {
    char byte = 0;
    if (unshare(namespaces) != 0 && unshare(namespaces | CLONE_NEWUSER) != 0) {
      tell(names, "!unshare: " + std::string(std::strerror(errno)));
      _exit(1);
    }
    if ((namespaces & CLONE_NEWPID) != 0) {
      const pid_t first = fork();
      if (first != 0) {
        close(names);
        waitpid(first, nullptr, 0);
        _exit(0);
      }
      // Private first, so that only it sees the new /proc.
      if (mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
          mount("proc", "/proc", "proc", 0, nullptr) != 0) {
        tell(names, "!mount: " + std::string(std::strerror(errno)));
        _exit(1);
      }
    }
    tell(names, queue::worker_name(1));
    close(names);
    static_cast<void>(!read(orders, &byte, 1));
    _exit(0);
  }

  pid_t child_ = -1;
  int orders_ = -1;
  std::string name_;
};

// Two daemons behind two network namespaces, as tests and some containers have them: processes are
// seen all the same.
TEST_F(RescueTest, SeesProcessesOfAnotherNetworkNamespace) {
  std::string obstacle;
  const auto neighbour = Elsewhere::start(CLONE_NEWNET, obstacle);
  if (!neighbour) GTEST_SKIP() << obstacle;
  EXPECT_EQ(neighbour->name().substr(0, neighbour->name().find('/')),
            queue::worker_name(1).substr(0, queue::worker_name(1).find('/')));
  add_waiting();
  claim_one(neighbour->name());
  EXPECT_EQ(queue::release_dead_workers(connection), 0);
  neighbour->end();
  EXPECT_EQ(queue::release_dead_workers(connection), 1);
}

TEST_F(RescueTest, WaitsForTheLeaseOfAContainerToExpire) {
  std::string obstacle;
  const auto container =
      Elsewhere::start(CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWUTS, obstacle);
  if (!container) GTEST_SKIP() << obstacle;
  EXPECT_NE(container->name().find("/1."), std::string::npos) << container->name();
  add_waiting();
  const auto lease = claim_one(container->name());
  EXPECT_EQ(queue::release_dead_workers(connection), 0);
  container->end();
  EXPECT_EQ(queue::release_dead_workers(connection), 0) << "we cannot know";
  EXPECT_EQ(queue::rescue_one(connection), std::nullopt);
  expire(lease);
  EXPECT_TRUE(queue::rescue_one(connection).has_value());
}

TEST_F(RescueTest, ReturnsALostClaimWithoutCountingIt) {
  const auto id = add_waiting();
  claim_one("host/1.1/1");
  EXPECT_EQ(queue::give_back(connection, "host/1.1/1"), 1);
  EXPECT_EQ(column(id, "state || ' ' || attempt || ' ' || crashes"), "verified 0 0");
  EXPECT_EQ(attempts(id), "1:interrupted");
}

}  // namespace rescue_test
}  // namespace devy::testing
