// F14 and I11: database sessions, when the server has none left, and how many a daemon takes.
#include <algorithm>

#include "core/platform/pg/connection.hpp"
#include "tests/faults/daemon/fault_fixture.hpp"

namespace devy::testing {
namespace sessions_test {

constexpr pg::Statement end_sessions{
    "end_sessions",
    "select pg_terminate_backend(pid) from pg_stat_activity"
    " where datname = current_database() and application_name like 'devy-upload/%'"
    " and application_name <> 'devy-upload/somebody'"};

class DaemonOnBusyDatabase : public FaultFixture {
 protected:
  static constexpr int sessions_max = 400;  // more than any test's server has

  [[nodiscard]] pg::Connection open() const {
    return pg::Connection::open(database_.conninfo(), config::Database{}, "somebody");
  }
  // Takes all that are left.
  void use_all() {
    try {
      while (taken_.size() < sessions_max)
        taken_.push_back(open());
    } catch (const base::Error& error) {
      EXPECT_EQ(error.code(), "database_overloaded") << error.text();
    }
  }
  [[nodiscard]] std::vector<std::string> sessions_by_role() const {
    return database_.rows(
        "select application_name || ' ' || count(*) from pg_stat_activity where datname ="
        " current_database() and application_name like 'devy-upload/%' group by application_name"
        " order by 1");
  }

  std::vector<pg::Connection> taken_;
};

TEST_F(DaemonOnBusyDatabase, WaitsWhileAllSessionsAreTaken) {
  const auto blog = new_blog();
  auto daemon = start();
  use_all();
  // Whatever the daemon gives up is taken too, until it has nothing.
  wait_until(
      [&] {
        static_cast<void>(taken_.front().query(end_sessions));
        use_all();
        return get("/readyz").status == 503;
      },
      "the daemon to have no session");
  EXPECT_EQ(get("/healthz").status, 200);
  wait_for_answer("/readyz", 503, "too many clients");
  const auto refused = run_program(command({"list"}));
  EXPECT_EQ(refused.status, 7) << refused.err;
  EXPECT_NE(refused.err.find("hint: All of its connections are taken"), std::string::npos)
      << refused.err;
  EXPECT_EQ(deliver(1), 503);
  taken_.clear();
  wait_for_answer("/readyz", 200, "");
  const auto id = trigger(blog);
  wait_until_state(id, "completed");
  EXPECT_EQ(deliver(1), 202);
  wait_until(
      [&] {
        return database_.number("select count(*) from devy.operation where finished_at is null") ==
               0;
      },
      "everything to end");
  expect_all_well(*daemon);
}

// A long count, or one that somebody's lock holds up, is no database that is away.
TEST_F(DaemonOnBusyDatabase, StaysReadyWhileItsCountsTakeTooLong) {
  configure_more("[database]\nlock_timeout = \"1s\"\n");
  const auto blog = new_blog();
  auto daemon = start();
  auto somebody = open();
  somebody.run_script("lock", "begin; lock table devy.prune_pass in access exclusive mode");
  daemon->wait_for("event=\"counts not measured\"");
  EXPECT_EQ(get("/readyz").status, 200);
  wait_until_state(trigger(blog), "completed");
  EXPECT_EQ(get("/readyz").status, 200);
  somebody.run_script("unlock", "rollback");
  daemon->wait_for("event=\"counts measured again\"");
  expect_all_well(*daemon);
}

// And at its start, which it does not try for ever.
TEST_F(DaemonOnBusyDatabase, RefusesToStartWhileAllSessionsAreTaken) {
  configure_more("[daemon]\nstart_timeout = 0\n");
  use_all();
  const auto refused = run_program(daemon_call());
  EXPECT_EQ(refused.status, 69) << refused.err;
  EXPECT_NE(refused.err.find("All of its connections are taken"), std::string::npos) << refused.err;
  taken_.clear();
}

// devy-uploadd(8), DATABASE SESSIONS.
TEST_F(DaemonOnBusyDatabase, OpensAsManySessionsAsConfigured) {
  configure_more("[workers]\nmin = 2\nmax = 2\n[reconcile]\nconcurrency = 2\n");
  const auto file = folder_ / "devy-upload.toml";
  auto text = read_text(file);
  const std::string listener = "[listener]\n";
  write_text(file, text.insert(text.find(listener) + listener.size(), "threads = 3\n"));
  const auto blogs = new_blogs(4);
  auto daemon = start();
  const auto work = [&](int first) {
    for (int number = first; number < first + 10; ++number)
      static_cast<void>(deliver(number));
    for (const auto& blog : blogs)
      wait_until_state(trigger(blog), "completed");
  };
  const std::vector<std::string> expected{"devy-upload/admin 1",     "devy-upload/maintenance 4",
                                          "devy-upload/heartbeat 2", "devy-upload/listen 2",
                                          "devy-upload/listener 3",  "devy-upload/worker 2"};
  const auto is_within = [&] {
    for (const auto& line : sessions_by_role()) {
      const auto role = line.substr(0, line.rfind(' '));
      const auto most = std::ranges::find_if(
          expected, [&](const auto& other) { return other.starts_with(role + " "); });
      if (most == expected.end() ||
          std::stoi(line.substr(role.size())) > std::stoi(most->substr(role.size())))
        return false;
    }
    return true;
  };
  for (const int first : {1, 100, 200}) {
    work(first);
    EXPECT_TRUE(is_within()) << ::testing::PrintToString(sessions_by_role());
  }
  daemon->send_signal(SIGHUP);
  daemon->wait_for("event=\"configuration reloaded\"");
  wait_until(is_within, "the sessions of those that were replaced to end");
  work(300);
  EXPECT_TRUE(is_within()) << ::testing::PrintToString(sessions_by_role());
  stop(*daemon);
  // PostgreSQL notices a little later that nobody is there.
  wait_until([&] { return sessions_by_role().empty(); }, "the sessions of the daemon to end");
}

}  // namespace sessions_test
}  // namespace devy::testing
