// The tests' own PostgreSQL and network do what the other tests rely on.
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <future>
#include <stdexcept>

#include "tests/support/http/tcp_proxy.hpp"
#include "tests/support/postgres/postgres.hpp"
#include "tests/support/postgres/psql.hpp"

namespace devy::testing {
namespace support_test {

using namespace std::chrono_literals;

std::string error_of(const std::string& conninfo, std::string_view sql) {
  try {
    return "no error, but " + psql(conninfo, sql);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

bool is_ready(const std::future<std::string>& answer, std::chrono::milliseconds patience) {
  return answer.wait_for(patience) == std::future_status::ready;
}

TEST(TestDatabase, IsEmptyAndIndependent) {
  const TestDatabase one(Contents::nothing), other(Contents::nothing);
  one.execute("create table note (text text)");
  EXPECT_EQ(other.number("select count(*) from pg_class where relname = 'note'"), 0);
  EXPECT_EQ(one.number("select count(*) from pg_class where relname = 'note'"), 1);
}

TEST(TestDatabase, HasTheSchema) {
  const TestDatabase database;
  EXPECT_GT(database.number("select count(*) from pg_tables where schemaname not in "
                            "('pg_catalog', 'information_schema')"),
            0);
}

TEST(TestDatabase, KeepsWhatWasCommittedOverACrash) {
  const TestDatabase database(Contents::nothing);
  database.execute("create table note as select 'kept' as text");
  postgres().restart(cluster::StopMode::immediate);
  EXPECT_EQ(database.scalar("select text from note"), "kept");
}

TEST(PostgresServer, AnswersNothingWhilePaused) {
  const TestDatabase database(Contents::nothing);
  postgres().pause();
  auto answer = std::async(std::launch::async, [&] { return database.scalar("select 1"); });
  EXPECT_FALSE(is_ready(answer, 200ms));
  postgres().resume();
  EXPECT_EQ(answer.get(), "1");
}

TEST(TcpProxy, PassesEverything) {
  const TestDatabase database(Contents::nothing);
  const TcpProxy proxy(postgres().socket_path());
  const auto answer = psql(proxy.conninfo(database.name()), "select repeat('x', 300000)");
  EXPECT_EQ(answer.size(), 300001U);
  EXPECT_EQ(proxy.connections_made(), 1);
}

TEST(TcpProxy, LosesTheAnswerToACommitThatWasDone) {
  const TestDatabase database(Contents::nothing);
  database.execute("create table note (text text)");
  TcpProxy proxy(postgres().socket_path());
  proxy.swallow_commit();
  const auto error =
      error_of(proxy.conninfo(database.name()), "begin; insert into note values ('kept'); commit;");
  EXPECT_NE(error.find("connection"), std::string::npos) << error;
  EXPECT_EQ(proxy.commits_swallowed(), 1);
  EXPECT_EQ(database.scalar("select text from note"), "kept");
}

TEST(TcpProxy, CutsInTheMiddleOfAnAnswer) {
  const TestDatabase database(Contents::nothing);
  TcpProxy proxy(postgres().socket_path());
  proxy.cut_after(2000);
  const auto error = error_of(proxy.conninfo(database.name()), "select repeat('x', 300000)");
  EXPECT_NE(error.find("connection"), std::string::npos) << error;
}

TEST(TcpProxy, ResetsConnections) {
  const TestDatabase database(Contents::nothing);
  TcpProxy proxy(postgres().socket_path());
  auto answer = std::async(std::launch::async, [&] {
    return error_of(proxy.conninfo(database.name()), "select 1 as reached; select pg_sleep(60)");
  });
  while (database.number("select count(*) from pg_stat_activity where query like '%pg_sleep(60)%'"
                         " and wait_event = 'PgSleep'") == 0) {
  }
  proxy.reset();
  EXPECT_NE(answer.get().find("connection"), std::string::npos);
}

TEST(TcpProxy, LetsThroughOnlyAsMuchAsAllowed) {
  const TestDatabase database(Contents::nothing);
  TcpProxy proxy(postgres().socket_path());
  proxy.throttle(200'000);
  const auto begun_at = std::chrono::steady_clock::now();
  EXPECT_EQ(psql(proxy.conninfo(database.name()), "select repeat('x', 100000)").size(), 100'001U);
  EXPECT_GE(std::chrono::steady_clock::now() - begun_at, 450ms);
}

TEST(TcpProxy, HoldsEverythingBackWhileSilent) {
  const TestDatabase database(Contents::nothing);
  TcpProxy proxy(postgres().socket_path());
  proxy.go_silent();
  auto answer = std::async(std::launch::async,
                           [&] { return psql(proxy.conninfo(database.name()), "select 1"); });
  EXPECT_FALSE(is_ready(answer, 200ms));
  proxy.heal();
  EXPECT_EQ(answer.get(), "1\n");
}

TEST(TcpProxy, EndsSilentConnectionsWithItself) {
  const TestDatabase database(Contents::nothing);
  std::future<std::string> answer;
  {
    TcpProxy proxy(postgres().socket_path());
    proxy.go_silent();
    answer = std::async(std::launch::async, [conninfo = proxy.conninfo(database.name())] {
      return error_of(conninfo, "select 1");
    });
    EXPECT_FALSE(is_ready(answer, 100ms));
    proxy.cut();
  }
  EXPECT_NE(answer.get().find("connection"), std::string::npos);
}

}  // namespace support_test
}  // namespace devy::testing
