// What the roles of whoever queries the mirror may see: of each table, through the views, in the
// feed.
#include <gtest/gtest.h>

#include "core/mirror/store/change_store.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/schema/role_store.hpp"
#include "tests/support/postgres/postgres.hpp"

namespace devy::mirror {
namespace reader_roles_test {

constexpr int all = 10'000;

// Repository 1 is public, 2 private, 3 public and deleted; of 4 nobody knows. Each has one of
// everything.
constexpr const char* rows = R"sql(
  insert into github.repository (id, owner_login, name, private, visibility) values
    (1, 'a', 'public', false, 'public'), (2, 'a', 'secret', true, 'private'), (3, 'a', 'gone', false, 'public'),
    (4, 'a', 'unknown', null, null);
  insert into github."user" (id, login) values (1, 'a'), (2, 'ghost');
  insert into github.user_repository (user_id, repository_id) select 1, n from generate_series(1, 4) n;
  insert into github.repository_hook (id, repository_id) select n, n from generate_series(1, 4) n;
  insert into github.label (id, repository_id, name) select n, n, 'l' from generate_series(1, 4) n;
  insert into github.milestone (id, repository_id, number, title) select n, n, 1, 'm' from generate_series(1, 4) n;
  insert into github.issue (id, repository_id, number, is_pull_request) select n, n, 1, false from generate_series(1, 4) n;
  insert into github.pull_request (id, repository_id, number) select n, n, 2 from generate_series(1, 4) n;
  insert into github.pull_request_file (pull_request_id, filename) select n, 'f' from generate_series(1, 4) n;
  insert into github.issue_comment (id, repository_id, number) select n, n, 1 from generate_series(1, 4) n;
  insert into github.issue_label select n, 1, n, 'l' from generate_series(1, 4) n;
  insert into github.assignee select n, 1, 1 from generate_series(1, 4) n;
  insert into github.requested_reviewer select n, 1 from generate_series(1, 4) n;
  -- What was deleted in the public one.
  insert into github.issue (id, repository_id, number, is_pull_request) values (5, 1, 5, false);
  update github.issue set deleted_at = now(), deleted_reason = 'gone' where id = 5;
  update github.repository set deleted_at = now(), deleted_reason = 'gone' where id = 3;
  update github."user" set deleted_at = now(), deleted_reason = 'gone' where id = 2)sql";

class ReaderRoles : public ::testing::Test {
 protected:
  ReaderRoles() : connection_(pg::Connection::open(database_.conninfo(), {}, "test")) {
    static_cast<void>(cursor_of_now(connection_));
    schema::grant_roles(connection_);
    connection_.run_script("rows", rows);
  }
  void become(const std::string& role) {
    connection_.run_script("role", "reset role; set role " + role);
  }
  // "1, 2": what the SQL returns in its only column; "denied" when the role may not ask.
  std::string see(const std::string& sql) {
    const auto text =
        "select coalesce(string_agg(distinct x::text, ', '), '') as seen from (" + sql + ") t (x)";
    try {
      return connection_.one(pg::Statement{"see", text.c_str()})[0].text("seen");
    } catch (const base::Error& error) {
      return error.kind() == base::ErrorKind::denied ? "denied" : error.text();
    }
  }
  bool can(const std::string& sql) {
    try {
      connection_.run_script("try", "begin; " + sql + "; rollback");
      return true;
    } catch (const base::Error& error) {
      connection_.run_script("end", "rollback");
      EXPECT_EQ(error.kind(), base::ErrorKind::denied) << error.text();
      return false;
    }
  }

  testing::TestDatabase database_;
  pg::Connection connection_;
};

TEST_F(ReaderRoles, ShowsTheReaderOnlyWhatIsPublic) {
  become("devy_mirror_reader");
  EXPECT_EQ(see("select id from github.repository"), "1");
  EXPECT_EQ(see("select id from github.\"user\""), "1");
  for (const auto* table : {"label", "milestone", "issue", "pull_request", "issue_comment"})
    EXPECT_EQ(see(std::string("select id from github.") + table), "1") << table;
  for (const auto* table : {"issue_label", "assignee"})
    EXPECT_EQ(see(std::string("select repository_id from github.") + table), "1") << table;
  for (const auto* table : {"pull_request_file", "requested_reviewer"})
    EXPECT_EQ(see(std::string("select pull_request_id from github.") + table), "1") << table;
  for (const auto* table : {"repository_hook", "user_repository"})
    EXPECT_EQ(see(std::string("select repository_id from github.") + table), "denied") << table;
  for (const auto* view : {"current_issue", "current_pull_request"})
    EXPECT_EQ(see(std::string("select repository_id from github.") + view), "1") << view;
}

// A table or view that is added later is one of those above, or is seen here.
TEST_F(ReaderRoles, LetsTheReaderReadTheseTablesAlone) {
  EXPECT_EQ(
      database_.scalar("select string_agg(relname, ' ' order by relname) from pg_class "
                       "where relnamespace = 'github'::regnamespace and relkind in ('r', 'v') "
                       "and has_table_privilege('devy_mirror_reader', oid, 'select')"),
      "assignee change current_issue current_pull_request issue issue_comment issue_label "
      "label milestone pull_request pull_request_file repository requested_reviewer user");
  EXPECT_EQ(database_.scalar("select count(*) from pg_class where relnamespace = "
                             "'github'::regnamespace and relkind = 'r' and not relrowsecurity"),
            "0");
  become("devy_mirror_reader");
  EXPECT_EQ(see("select count(*) from devy.operation"), "denied");
  EXPECT_EQ(see("select id from devy.mirror_feed"), "denied");
}

TEST_F(ReaderRoles, ShowsTheReaderNoPrivateChange) {
  connection_.run_script("change", "update github.issue set title = 'x'");
  const auto everything = read_changes(connection_, "", all).changes.size();
  become("devy_mirror_reader");
  const auto page = read_changes(connection_, "", all);
  EXPECT_GT(page.changes.size(), 5U);
  EXPECT_LT(page.changes.size(), everything);
  for (const auto& change : page.changes) {
    EXPECT_NE(change.relation, "repository_hook");
    EXPECT_NE(change.relation, "user_repository");
    EXPECT_EQ(change.repository.value_or("a/public"), "a/public") << change.relation;
    EXPECT_EQ(change.repository.has_value(), change.relation != "user") << change.relation;
  }
  EXPECT_EQ(see("select distinct coalesce(repository_id, 1) from github.change"), "1");
}

// Who sees nothing of what happens is not told that it was pruned.
TEST_F(ReaderRoles, TakesTheReadersCursorPastWhatIsPrivate) {
  become("devy_mirror_reader");
  const auto before = read_changes(connection_, "", all).cursor;
  become("none");
  connection_.run_script("change", "update github.issue set title = 'x' where id = 2");
  become("devy_mirror_reader");
  const auto page = read_changes(connection_, before, all);
  EXPECT_TRUE(page.changes.empty());
  EXPECT_NE(page.cursor, before);
}

TEST_F(ReaderRoles, ShowsTheOtherRoleEverything) {
  become("devy_mirror_all");
  EXPECT_EQ(see("select id from github.repository"), "1, 2, 3, 4");
  EXPECT_EQ(see("select repository_id from github.repository_hook"), "1, 2, 3, 4");
  EXPECT_EQ(see("select id from github.issue"), "1, 2, 3, 4, 5");
  EXPECT_FALSE(read_changes(connection_, "", all).changes.empty());
  EXPECT_EQ(see("select count(*) from devy.operation"), "denied");
}

TEST_F(ReaderRoles, LetsNoReaderWrite) {
  for (const auto* role : {"devy_mirror_reader", "devy_mirror_all"}) {
    become(role);
    for (const auto* sql :
         {"update github.issue set title = 'x'", "delete from github.change",
          "insert into github.change (relation, id, action) values ('issue', 1, 'update')",
          "truncate github.change", "select devy.mirror_changes_prune('1 s', 10)",
          "create table github.mine (x integer)"})
      EXPECT_FALSE(can(sql)) << role << ": " << sql;
  }
}

// For the program's own roles row security leaves nothing behind in a plan, and keeps no row away.
TEST_F(ReaderRoles, CostsTheProgramsRolesNothing) {
  const auto plan = [&] {
    std::string text;
    for (const auto row : connection_.query(pg::Statement{
             "explain",
             "explain (costs off) select * from github.issue where id = 1 and title ~ 'x'"}))
      text += row.text("\"QUERY PLAN\"") + "\n";
    return text;
  };
  const auto wanted = plan();
  for (const auto* role : {"devy_worker", "devy_operator"}) {
    become(role);
    EXPECT_EQ(plan(), wanted) << role;
    EXPECT_EQ(see("select id from github.issue"), "1, 2, 3, 4, 5");
    EXPECT_TRUE(can("update github.issue set title = 'x'")) << "with the feed's triggers";
    EXPECT_TRUE(can("select devy.mirror_changes_prune('1 s', 10)"));
  }
}

}  // namespace reader_roles_test
}  // namespace devy::mirror
