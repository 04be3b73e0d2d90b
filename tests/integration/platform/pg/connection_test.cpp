// A session with a real PostgreSQL: what comes back, what is thrown, what every wait is bounded by.
#include "core/platform/pg/connection.hpp"

#include <gtest/gtest.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <thread>

#include "tests/integration/platform/pg/session_fixture.hpp"
#include "tests/support/http/tcp_proxy.hpp"
#include "tests/support/postgres/postgres.hpp"
#include "tests/support/time_factor.hpp"

namespace devy::pg {
namespace connection_test {

using base::Error;
using base::ErrorKind;

constexpr Statement hot{"hot", "select answer() as answer", true};
constexpr Statement count_prepared{"count_prepared",
                                   "select count(*) as count from pg_prepared_statements"};

// Prepared when it comes the second time, and known by its text from then on.
TEST_F(Session, PreparesAFrequentStatementOncePerSession) {
  connection_.execute(
      Statement{"make", "create function answer() returns integer language sql return 42"});
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(connection_.one(hot)[0].integer("answer"), 42);
    EXPECT_EQ(connection_.one(count_prepared)[0].integer("count"), i == 0 ? 0 : 1);
  }
}

// A migration under a running session, and a proxy that cleans a session up.
TEST_F(Session, PreparesAFrequentStatementAgainWhenTheServerForgotIt) {
  connection_.execute(
      Statement{"make", "create function answer() returns integer language sql return 42"});
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(connection_.one(hot)[0].integer("answer"), 42);
  connection_.execute(Statement{"forget", "deallocate all"});
  EXPECT_EQ(connection_.one(hot)[0].integer("answer"), 42);
  EXPECT_EQ(connection_.one(hot)[0].integer("answer"), 42);
  connection_.run_script("change",
                         "drop function answer();"
                         "create function answer() returns text language sql return 'x'");
  EXPECT_EQ(connection_.one(hot)[0].text("answer"), "x");
}

TEST_F(Session, ReportsAWrongFrequentStatementEachTime) {
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(error_of([&] { static_cast<void>(connection_.query(hot)); }).code(),
              "schema_missing");
}

TEST_F(Session, ClassifiesErrorsBySqlState) {
  struct Row {
    const char* sql;
    ErrorKind kind;
    const char* code;
  };
  for (const auto& row : {
           Row{"select 1/0", ErrorKind::internal, "database_error"},
           Row{"insert into note values (1), (1)", ErrorKind::conflict, "23505"},
           Row{"select * from nowhere", ErrorKind::config, "schema_missing"},
           Row{"select nothing()", ErrorKind::config, "schema_missing"},
           Row{"do $$ begin raise exception 'x' using errcode = 'DV001'; end $$",
               ErrorKind::conflict, "lease_lost"},
           Row{"do $$ begin raise exception 'x' using errcode = 'DV003'; end $$",
               ErrorKind::not_found, "DV003"},
           Row{"do $$ begin raise exception 'x' using errcode = 'DV004'; end $$",
               ErrorKind::stopped, "cancel_requested"},
           Row{"do $$ begin raise exception 'x' using errcode = '40001'; end $$", ErrorKind::busy,
               "database_busy"},
           Row{"do $$ begin raise exception 'x' using errcode = '40P01'; end $$", ErrorKind::busy,
               "database_busy"},
           Row{"do $$ begin raise exception 'x' using errcode = '53100'; end $$",
               ErrorKind::unavailable, "database_full"},
           Row{"do $$ begin raise exception 'x' using errcode = '53300'; end $$",
               ErrorKind::unavailable, "database_overloaded"},
           Row{"do $$ begin raise exception 'x' using errcode = '42501'; end $$", ErrorKind::denied,
               "database_denied"},
       }) {
    const auto error = error_of_sql(row.sql);
    EXPECT_EQ(error.kind(), row.kind) << row.sql << ": " << error.text();
    EXPECT_EQ(error.code(), row.code) << row.sql;
    EXPECT_NE(error.text().find("'tried'"), std::string::npos) << error.text();
  }
  EXPECT_EQ(notes(), 0) << "the session is usable after each";
}

TEST_F(Session, EndsAStatementAtTheServersTimeout) {
  settings_.statement_timeout = std::chrono::seconds(1);
  auto with_short_timeouts = open();
  const auto error = error_of([&] {
    with_short_timeouts.execute(Statement{"slow", "select pg_sleep(20)"});
  });
  EXPECT_EQ(error.kind(), ErrorKind::busy);
  EXPECT_EQ(error.code(), "database_timeout");
  EXPECT_TRUE(with_short_timeouts.is_usable());
}

TEST_F(Session, ReportsALockTimeoutAsBusy) {
  settings_.lock_timeout = std::chrono::seconds(1);
  auto other = open();
  const Transaction lock(connection_);
  connection_.execute(Statement{"lock", "lock table note in access exclusive mode"});
  EXPECT_EQ(error_of([&] { other.one(count_notes); }).code(), "database_locked");
}

TEST_F(Session, ChecksTheShapeOfTheResult) {
  const Statement two{"two", "select 1 as a union select 2"};
  EXPECT_EQ(error_of([&] { connection_.one(two); }).kind(), ErrorKind::internal);
  EXPECT_EQ(error_of([&] { static_cast<void>(connection_.maybe(two)); }).kind(),
            ErrorKind::internal);
  EXPECT_FALSE(connection_.maybe(Statement{"none", "select 1 as a where false"}));
  const auto rows = connection_.query(two);
  EXPECT_EQ(error_of([&] { static_cast<void>(rows[0].text("b")); }).kind(), ErrorKind::internal);
}

TEST_F(Session, ReturnsArraysUnchanged) {
  const std::vector<std::string> texts{"",        "a,b",  "\"quoted\"", "back\\slash",
                                       "{brace}", "NULL", "ü\n"};
  const auto rows = connection_.one(Statement{"echo", "select $1::text[] as texts"}, Params(texts));
  EXPECT_EQ(rows[0].texts("texts"), texts);
  const std::vector<std::string> none;
  const auto empty = connection_.one(Statement{"echo", "select $1::text[] as texts"}, Params(none));
  EXPECT_EQ(empty[0].texts("texts"), none);
}

TEST_F(Session, PassesNullsInAnArray) {
  constexpr Statement list{"list", R"sql(
    select ($1::text[])[1] = 'null' and ($1::text[])[2] is null and ($1::text[])[3] = '"\'
           as is_so)sql"};
  const std::vector<std::optional<std::string>> values{"null", std::nullopt, "\"\\"};
  EXPECT_TRUE(connection_.one(list, Params(values))[0].boolean("is_so"));
}

TEST_F(Session, WritesManyRowsInAPipeline) {
  Transaction transaction(connection_);
  connection_.begin_pipeline();
  for (int i = 0; i < 1'000; ++i)
    connection_.push(insert_note, Params(i, "text"));
  connection_.end_pipeline();
  transaction.commit();
  EXPECT_EQ(notes(), 1'000);
}

TEST_F(Session, NamesTheStatementOfAnErrorInAPipeline) {
  const auto error = error_of([&] {
    const Transaction transaction(connection_);
    connection_.begin_pipeline();
    for (int i = 0; i < 300; ++i)
      connection_.push(insert_note, Params(i % 150, "twice"));
    connection_.end_pipeline();
  });
  EXPECT_EQ(error.code(), "23505");
  EXPECT_NE(error.text().find("insert_note"), std::string::npos);
  EXPECT_EQ(notes(), 0);
}

TEST_F(Session, RollsBackAnUnfinishedPipeline) {
  {
    const Transaction transaction(connection_);
    connection_.begin_pipeline();
    connection_.push(insert_note, Params(1, "gone"));
  }
  EXPECT_EQ(notes(), 0);
}

TEST_F(Session, ReportsALostConnectionAsUnavailable) {
  database_.execute(
      "select pg_terminate_backend(pid) from pg_stat_activity"
      " where datname = current_database() and pid <> pg_backend_pid()");
  const auto error = error_of([&] { notes(); });
  EXPECT_EQ(error.kind(), ErrorKind::unavailable);
  EXPECT_EQ(error.code(), "database_unavailable");
  EXPECT_FALSE(connection_.is_usable());
}

// The rows are there, the end of the answer is not, and neither is anybody to cancel by.
TEST_F(Session, StopsWaitingWhenTheNetworkFallsSilentDuringAnAnswer) {
  testing::TcpProxy proxy(testing::postgres().socket_path());
  settings_.statement_timeout = std::chrono::seconds(1);
  auto remote = Connection::open(proxy.conninfo(database_.name()), settings_, "test");
  proxy.go_silent_after("SELECT");
  const auto error = error_of([&] { static_cast<void>(remote.query(count_notes)); });
  EXPECT_EQ(error.kind(), ErrorKind::unavailable);
  EXPECT_EQ(error.code(), "database_unavailable");
  EXPECT_NE(error.text().find("stopped answering"), std::string::npos) << error.text();
  EXPECT_FALSE(remote.is_usable());
}

// A network of this thread's own, and of the threads it starts; false where that is not allowed.
// RecordedDelivery down, it drops everything without a word, as a network between two machines
// does.
bool enter_own_network() {
  return ::unshare(CLONE_NEWNET) == 0;
}
void set_network(bool is_up) {
  const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ifreq request{};
  std::strcpy(request.ifr_name, "lo");
  ASSERT_EQ(::ioctl(socket, SIOCGIFFLAGS, &request), 0);
  if (is_up) request.ifr_flags |= IFF_UP;
  else request.ifr_flags &= ~IFF_UP;
  ASSERT_EQ(::ioctl(socket, SIOCSIFFLAGS, &request), 0);
  ::close(socket);
}

// Whether the other end has confirmed all that was sent.
bool is_all_confirmed(int socket) {
  int unconfirmed = -1;
  return ::ioctl(socket, SIOCOUTQ, &unconfirmed) == 0 && unconfirmed == 0;
}

constexpr Statement sleep_long{"sleep_long", "select pg_sleep(100)"};
constexpr Statement count_sleepers{"count_sleepers",
                                   "select count(*) as count from pg_stat_activity where query ="
                                   " 'select pg_sleep(100)' and state = 'active'"};

// F8. The server's answer does not come, and no packet that says why: long before the statement's
// own deadline, and whether something was sent last or not.
TEST_F(Session, DetectsANetworkThatDropsEverythingInTheConfiguredTime) {
  settings_.tcp_user_timeout = std::chrono::seconds(3);
  bool is_allowed = true;
  std::vector<Error> errors;
  const auto lose_network = [&] {
    if (!(is_allowed = enter_own_network())) return;
    set_network(true);
    testing::TcpProxy proxy(testing::postgres().socket_path());
    auto waiting = Connection::open(proxy.conninfo(database_.name()), settings_, "test");
    auto asking = Connection::open(proxy.conninfo(database_.name()), settings_, "test");
    {
      const std::jthread cutter([&] {
        while (connection_.one(count_sleepers)[0].integer("count") == 0 ||
               !is_all_confirmed(waiting.socket()))
          std::this_thread::yield();
        set_network(false);
      });
      errors.push_back(error_of([&] { waiting.execute(sleep_long); }));
    }
    errors.push_back(error_of([&] { static_cast<void>(asking.query(count_notes)); }));
  };
  const auto begun_at = std::chrono::steady_clock::now();
  std::thread(lose_network).join();
  if (!is_allowed) GTEST_SKIP() << "not runnable here: only root may have a network of its own";
  // Two times the three seconds; the statements' own deadline would be 35.
  EXPECT_LT(std::chrono::steady_clock::now() - begun_at,
            testing::time_factor * std::chrono::seconds(20));
  ASSERT_EQ(errors.size(), 2U);
  for (const auto& error : errors) {
    EXPECT_EQ(error.kind(), ErrorKind::unavailable);
    EXPECT_EQ(error.text().find("stopped answering"), std::string::npos) << error.text();
  }
}

TEST_F(Session, TriesTheSecondHostWhenTheFirstIsUnreachable) {
  auto conninfo = database_.conninfo();
  const auto host = conninfo.find("host=");
  ASSERT_NE(host, std::string::npos);
  const bool is_quoted = conninfo[host + 5] == '\'';
  conninfo.insert(host + 5 + (is_quoted ? 1 : 0), "/nowhere,");
  auto second = Connection::open(conninfo, settings_, "test");
  EXPECT_EQ(second.one(count_notes)[0].integer("count"), 0);
}

TEST_F(Session, RefusesAReadOnlyServer) {
  // What a standby tells of itself, as far as the session attributes go.
  database_.execute("alter database " + database_.name() +
                    " set default_transaction_read_only = on");
  EXPECT_EQ(error_of([&] { open(); }).kind(), ErrorKind::unavailable);
}

TEST_F(Session, DistinguishesMissingServerMissingDatabaseAndInvalidConninfo) {
  const auto code_of = [&](const std::string& conninfo) {
    return error_of([&] { static_cast<void>(Connection::open(conninfo, settings_, "test")); })
        .code();
  };
  EXPECT_EQ(code_of("host=/nowhere dbname=x"), "database_unavailable");
  EXPECT_EQ(code_of(testing::postgres().conninfo("no_such_database")), "database_missing");
  EXPECT_EQ(code_of("hots=typo"), "database_conninfo");
}

}  // namespace connection_test
}  // namespace devy::pg
