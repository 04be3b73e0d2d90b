// F13: two publishers against somebody who takes the same rows in the opposite order, for long.
#include <atomic>
#include <thread>

#include "core/platform/pg/connection.hpp"
#include "tests/faults/daemon/fault_fixture.hpp"

namespace devy::testing {
namespace deadlock_test {

constexpr int rounds_min = 1'000, rounds_max = 20'000;
constexpr long reports_min = 5;  // how often a worker has to have been told of one

// The locker waits longer than anybody before it looks for a deadlock: the worker is who is told.
constexpr pg::Statement be_patient{"be_patient", "set deadlock_timeout = '10s'"};
constexpr pg::Statement lock_posts{"lock_posts",
                                   "select from devy.post where path = 'hello.md' for update"};
// For as long as a publish takes, so that most of them meet it.
constexpr pg::Statement keep_posts{"keep_posts", "select pg_sleep(0.002)"};
constexpr pg::Statement lock_leases{"lock_leases", "update devy.lease set worker = worker"};

class Deadlock : public FaultFixture {
 protected:
  // Until told to stop: pushes to one blog and then to the other, and nobody waits for a retry.
  void keep_pushing(const std::stop_token& stop) {
    for (int number = 0; !stop.stop_requested(); ++number) {
      const auto blog = static_cast<std::size_t>(number) % authors_.size();
      const auto name = "user" + std::to_string(blog + 1) + "/blog";
      authors_[blog]->write_file("hello.md", "# Hello " + std::to_string(number) + "\n");
      authors_[blog]->commit("Say hello again");
      authors_[blog]->push(folder_ / ("repositories/" + name + ".git"));
      static_cast<void>(trigger(name));
      make_due();
    }
  }
  [[nodiscard]] long deadlock_reports() const {
    const std::string metric = "devy_db_retries_total{sqlstate_class=\"40\"} ";
    const auto text = get("/metrics").body;
    const auto at = text.find(metric);
    return at == std::string::npos ? 0 : std::stol(text.substr(at + metric.size()));
  }
};

TEST_F(Deadlock, CostsAttemptsButNoUploadInAThousandRounds) {
  configure_more("[workers]\nmin = 2\nmax = 2\n");
  database_.execute("alter database " + database_.name() + " set deadlock_timeout = '5ms'");
  const std::vector blogs{new_blog(), new_blog()};
  auto call = daemon_call();
  call.environment["DEVY_LOG_LEVEL"] = "info";  // nobody reads while there is much to say
  call.timeout = std::chrono::seconds(180);
  const auto daemon = std::make_unique<Program>(call);
  daemon->wait_for("event=\"daemon ready\"");
  for (const auto& blog : blogs)
    wait_until_state(trigger(blog), "completed");
  int rounds = 0;
  {
    const std::jthread pushing([&](const std::stop_token& stop) { keep_pushing(stop); });
    auto session = pg::Connection::open(database_.conninfo(), config::Database{}, "somebody");
    session.execute(be_patient);
    for (; rounds < rounds_min || (rounds < rounds_max && deadlock_reports() < reports_min);
         ++rounds) {
      try {
        pg::Transaction transaction(session);
        static_cast<void>(session.query(lock_posts));
        static_cast<void>(session.query(keep_posts));
        session.execute(lock_leases);
        transaction.rollback();
      } catch (const base::Error& error) {
        ASSERT_EQ(error.kind(), base::ErrorKind::busy) << error.text();
      }
    }
  }
  RecordProperty("rounds", rounds);
  RecordProperty("deadlocks", database_.scalar("select deadlocks from pg_stat_database where"
                                               " datname = current_database()"));
  EXPECT_GE(deadlock_reports(), reports_min) << rounds << " rounds";
  wait_until(
      [&] {
        make_due();
        return database_.number("select count(*) from devy.operation where finished_at is null") ==
               0;
      },
      "everything to end");
  EXPECT_EQ(database_.number("select count(*) from devy.operation where state = 'failed'"), 0);
  EXPECT_GT(database_.number("select count(*) from devy.attempt where outcome = 'retry' and"
                             " error_code = 'database_busy'"),
            0);
  for (const auto& blog : blogs)
    wait_until_state(trigger(blog), "completed");
  expect_all_well(*daemon);
}

}  // namespace deadlock_test
}  // namespace devy::testing
