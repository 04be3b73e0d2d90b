// F13: two publishers against somebody who takes the same rows in the opposite order, for long.
#include <atomic>
#include <thread>

#include "core/pg/connection.hpp"
#include "tests/faults/daemon/fault_fixture.hpp"

namespace devy::testing {
namespace {

constexpr int rounds_min = 1'000, rounds_max = 20'000;

// The locker waits longer than anybody before it looks for a deadlock: the worker is who is told.
constexpr pg::Statement be_patient{"be_patient", "set deadlock_timeout = '10s'"};
constexpr pg::Statement lock_posts{"lock_posts",
                                   "select from devy.post where path = 'hello.md' for update"};
constexpr pg::Statement lock_leases{"lock_leases", "update devy.lease set worker = worker"};

class Deadlocks : public FaultFixture {
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
  [[nodiscard]] bool has_told_a_worker() const {
    return get("/metrics").body.find("devy_db_retries_total{sqlstate_class=\"40\"}") !=
           std::string::npos;
  }
};

TEST_F(Deadlocks, OfAThousandRoundsCostAttemptsAndNoUpload) {
  configure_more("[workers]\nmin = 2\nmax = 2\n");
  database_.execute("alter database " + database_.name() + " set deadlock_timeout = '5ms'");
  const std::vector blogs{new_blog(), new_blog()};
  auto daemon = start();
  for (const auto& blog : blogs)
    wait_until_state(trigger(blog), "completed");
  int rounds = 0;
  {
    const std::jthread pushing([&](const std::stop_token& stop) { keep_pushing(stop); });
    auto session = pg::Connection::open(database_.conninfo(), config::Database{}, "somebody");
    session.execute(be_patient);
    for (; rounds < rounds_min || (rounds < rounds_max && !has_told_a_worker()); ++rounds) {
      try {
        pg::Transaction transaction(session);
        static_cast<void>(session.query(lock_posts));
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
  EXPECT_TRUE(has_told_a_worker()) << "nobody was told of a deadlock in " << rounds << " rounds";
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

}  // namespace
}  // namespace devy::testing
