// Transactions of a session with a real PostgreSQL: which statements travel together, and what is
// left when one of them fails.
#include <gtest/gtest.h>

#include <functional>

#include "core/platform/pg/connection.hpp"
#include "tests/integration/platform/pg/session_fixture.hpp"
#include "tests/support/http/tcp_proxy.hpp"

namespace devy::pg {
namespace transaction_test {

using base::Error;
using base::ErrorKind;

class TransactionTest : public Session {};

TEST_F(TransactionTest, RollsBackATransactionUnlessCommitted) {
  {
    const Transaction transaction(connection_);
    connection_.execute(insert_note, Params(1, "gone"));
  }
  EXPECT_EQ(notes(), 0);
  Transaction transaction(connection_);
  connection_.execute(insert_note, Params(1, "kept"));
  transaction.commit();
  EXPECT_EQ(notes(), 1);
}

TEST_F(TransactionTest, BeginsATransactionWithItsFirstStatement) {
  {
    Transaction transaction(connection_);
    EXPECT_FALSE(connection_.in_transaction());
    connection_.execute(insert_note, Params(1, "a"));
    EXPECT_TRUE(connection_.in_transaction());
    connection_.execute(insert_note, Params(2, "b"));
    transaction.commit();
  }
  EXPECT_FALSE(connection_.in_transaction());
  EXPECT_EQ(notes(), 2);
  Transaction(connection_).commit();  // nothing was done in it
  EXPECT_FALSE(connection_.in_transaction());
}

TEST_F(TransactionTest, RollsBackATransactionWhoseFirstStatementFails) {
  connection_.execute(insert_note, Params(1, "a"));
  EXPECT_EQ(error_of([&] {
              Transaction transaction(connection_);
              connection_.execute(insert_note, Params(1, "again"));
            }).kind(),
            ErrorKind::conflict);
  EXPECT_FALSE(connection_.in_transaction());
  EXPECT_EQ(notes(), 1);
}

// A statement that was forgotten between two transactions: nothing was done, so it begins anew.
TEST_F(TransactionTest, BeginsAgainWhenTheServerForgotTheFirstStatement) {
  const Statement frequent{"frequent", "select count(*) as count from note", true};
  for (int n = 0; n < 3; ++n)
    static_cast<void>(connection_.one(frequent));
  connection_.run_script("forget", "deallocate all");
  Transaction transaction(connection_);
  EXPECT_EQ(connection_.one(frequent)[0].integer("count"), 0);
  connection_.execute(insert_note, Params(1, "a"));
  transaction.commit();
  EXPECT_EQ(notes(), 1);
}

TEST_F(TransactionTest, CommitsWithTheLastStatement) {
  for (int id = 0; id < 6; id += 2) {  // as text, prepared, and by its name
    Transaction transaction(connection_);
    connection_.execute(insert_note, Params(id, "a"));
    transaction.commit_with({"insert_hot", insert_note.sql, true}, Params(id + 1, "b"));
    EXPECT_FALSE(connection_.in_transaction());
    EXPECT_EQ(notes(), id + 2);
  }
}

TEST_F(TransactionTest, CommitsNothingWhenTheLastStatementFails) {
  connection_.execute(insert_note, Params(1, "a"));
  const auto error = error_of([&] {
    Transaction transaction(connection_);
    connection_.execute(insert_note, Params(2, "b"));
    transaction.commit_with(insert_note, Params(1, "again"));
  });
  EXPECT_EQ(error.code(), "23505");
  EXPECT_FALSE(connection_.in_transaction());
  EXPECT_EQ(notes(), 1);
}

TEST_F(TransactionTest, ThrowsTheErrorOfTheCommitBehindTheLastStatement) {
  connection_.run_script("deferred",
                         "alter table devy.note add constraint once unique (text)"
                         " deferrable initially deferred");
  connection_.execute(insert_note, Params(1, "a"));
  const auto error = error_of([&] {
    Transaction transaction(connection_);
    transaction.commit_with(insert_note, Params(2, "a"));
  });
  EXPECT_EQ(error.code(), "23505");
  EXPECT_FALSE(connection_.in_transaction());
  EXPECT_EQ(notes(), 1);
}

TEST_F(TransactionTest, ReportsALostAnswerToACommitAsUnknown) {
  testing::TcpProxy proxy(testing::postgres().socket_path());
  auto remote = Connection::open(proxy.conninfo(database_.name()), settings_, "test");
  Transaction transaction(remote);
  remote.execute(insert_note, Params(1, "kept"));
  proxy.swallow_commit();
  EXPECT_EQ(error_of([&] { transaction.commit(); }).code(), "commit_unknown");
  EXPECT_EQ(notes(), 1);
}

TEST_F(TransactionTest, ReportsALostAnswerToALastStatementAsUnknown) {
  testing::TcpProxy proxy(testing::postgres().socket_path());
  auto remote = Connection::open(proxy.conninfo(database_.name()), settings_, "test");
  Transaction transaction(remote);
  remote.execute(insert_note, Params(1, "kept"));
  proxy.swallow_commit();
  EXPECT_EQ(error_of([&] { transaction.commit_with(insert_note, Params(2, "too")); }).code(),
            "commit_unknown");
  EXPECT_EQ(notes(), 2);
}

// Its rows are there before it is committed, and the commit is what fails.
TEST_F(TransactionTest, ThrowsAnErrorThatTheCommitReports) {
  connection_.run_script("deferred", R"sql(
    create table devy.child (parent integer references devy.note deferrable initially deferred))sql");
  constexpr Statement orphan{"orphan", "insert into child values (7) returning parent"};
  EXPECT_EQ(error_of([&] { static_cast<void>(connection_.query(orphan)); }).code(), "23503");
  EXPECT_TRUE(connection_.is_usable());
  connection_.begin_pipeline();
  connection_.push(orphan, Params());
  EXPECT_EQ(error_of([&] { connection_.end_pipeline(); }).code(), "23503");
  EXPECT_EQ(notes(), 0) << "the session goes on";
}

}  // namespace transaction_test
}  // namespace devy::pg
