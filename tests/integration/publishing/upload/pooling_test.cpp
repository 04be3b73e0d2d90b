// Everything through a proxy that hands server sessions on after each transaction.
#include "core/publishing/reconcile/audit.hpp"
#include "tests/support/postgres/pgbouncer.hpp"
#include "tests/support/postgres/psql.hpp"
#include "tests/support/publishing/upload_fixture.hpp"

namespace devy::upload {
namespace pooling_test {

using testing::ending;
using testing::UploadTest;

constexpr pg::Statement show_settings{"show_settings", R"sql(
  select current_setting('search_path') || ' ' || current_setting('lock_timeout') as settings)sql"};

class PooledConnection : public UploadTest {
 protected:
  [[nodiscard]] pg::Connection open() const {
    return pg::Connection::open(pgbouncer_.conninfo(database_.name()), config_.database, "test");
  }
  testing::PgBouncer pgbouncer_;
};

TEST_F(PooledConnection, IsDetectedAndAppliesSettingsPerTransaction) {
  EXPECT_TRUE(connection_.is_direct());
  // More clients than sessions, the second with settings of its own.
  auto first = open();
  config_.database.lock_timeout = std::chrono::seconds{7};
  auto second = open();
  auto third = open();
  EXPECT_FALSE(first.is_direct());
  pg::Transaction busy(third);
  for (int n = 0; n < 3; ++n) {
    EXPECT_EQ(first.one(show_settings)[0].text("settings"), "devy, pg_temp 5s");
    EXPECT_EQ(second.one(show_settings)[0].text("settings"), "devy, pg_temp 7s");
  }
  pg::Transaction transaction(second);
  EXPECT_EQ(second.one(show_settings)[0].text("settings"), "devy, pg_temp 7s");
  transaction.commit();
  busy.commit();
}

TEST_F(PooledConnection, EndsOnlyTheStatementThatFails) {
  auto connection = open();
  constexpr pg::Statement broken{"broken", "select 1 / $1::integer as never"};
  EXPECT_THROW(connection.one(broken, pg::Params(0)), base::Error);
  EXPECT_TRUE(connection.is_usable());
  EXPECT_FALSE(connection.in_transaction());
  EXPECT_EQ(connection.one(show_settings)[0].text("settings"), "devy, pg_temp 5s");
}

TEST_F(PooledConnection, RecordsClaimsRunsAndPublishesUploads) {
  connection_ = open();
  conninfo_ = pgbouncer_.conninfo(database_.name());
  write("a.md", "# A\n");
  EXPECT_EQ(ending(push_and_publish()), "completed");
  for (int n = 0; n < 40; ++n)
    write("many/" + std::to_string(n) + ".md", "# Post\n");
  EXPECT_EQ(ending(push_and_publish()), "completed");
  EXPECT_EQ(value("select count(*) from post"), "41");
  EXPECT_TRUE(reconcile::verify(connection_, config_, blog(), {}).is_ok);
  // Nothing of ours stays behind for the proxy's other clients.
  EXPECT_EQ(testing::psql(conninfo_, "show search_path"), "\"$user\", public\n");
}

}  // namespace pooling_test
}  // namespace devy::upload
