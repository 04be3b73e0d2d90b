// Projects, their members, and who sees them.
#include "core/sync/store/project_store.hpp"

#include <gtest/gtest.h>

#include "core/platform/base/error.hpp"
#include "core/sync/store/connection_store.hpp"
#include "tests/support/postgres/postgres.hpp"

namespace devy::sync {
namespace project_store_test {

class ProjectStore : public ::testing::Test {
 protected:
  ProjectStore() {
    database_.execute("insert into devy.account (username) values ('alice'), ('bob'), ('carol')");
  }
  [[nodiscard]] std::string account(const std::string& name) const {
    return database_.scalar("select id from devy.account where username = '" + name + "'");
  }
  std::string add(const std::string& slug, bool is_private = false) {
    return add_project(connection_, {account("alice"), slug, "", is_private});
  }
  template <class Function>
  std::string code_of(Function act) {
    try {
      act();
    } catch (const base::Error& error) {
      return error.code();
    }
    return "";
  }
  bool sees(const std::string& slug, const std::string& name) {
    Viewer viewer;
    if (!name.empty()) viewer.account_id = account(name);
    return is_visible(connection_, need_project(connection_, "alice/" + slug), viewer);
  }

  testing::TestDatabase database_;
  pg::Connection connection_ = pg::Connection::open(database_.conninfo(), {}, "test");
};

TEST_F(ProjectStore, FindsAProjectByItsAddressAndItsId) {
  const auto id = add("site");
  const auto project = need_project(connection_, "alice/site");
  EXPECT_EQ(project.id, id);
  EXPECT_EQ(project.title, "site");
  EXPECT_EQ(need_project(connection_, id).address(), "alice/site");
  EXPECT_EQ(code_of([&] { static_cast<void>(need_project(connection_, "alice/none")); }),
            "project_unknown");
}

TEST_F(ProjectStore, RefusesAnAddressThatIsTakenOrNone) {
  add("site");
  EXPECT_EQ(code_of([&] { add("site"); }), "project_taken");
  EXPECT_EQ(code_of([&] { add("Not a slug"); }), "project_slug");
}

TEST_F(ProjectStore, ChangesOnlyWhatIsGiven) {
  const auto id = add("site");
  ProjectChange change;
  change.conflict = "local";
  edit_project(connection_, id, change);
  const auto project = need_project(connection_, id);
  EXPECT_EQ(project.conflict, "local");
  EXPECT_EQ(project.title, "site");
  change.conflict = "nobody";
  EXPECT_EQ(code_of([&] { edit_project(connection_, id, change); }), "project_value");
}

TEST_F(ProjectStore, ShowsAPrivateProjectToItsMembersAlone) {
  const auto id = add("inner", true);
  set_member(connection_, id, account("bob"), "member");
  EXPECT_TRUE(sees("inner", "alice"));
  EXPECT_TRUE(sees("inner", "bob"));
  EXPECT_FALSE(sees("inner", "carol"));
  EXPECT_FALSE(sees("inner", ""));
  EXPECT_TRUE(remove_member(connection_, id, account("bob")));
  EXPECT_FALSE(remove_member(connection_, id, account("bob")));
  EXPECT_FALSE(sees("inner", "bob"));
}

TEST_F(ProjectStore, HidesAProjectWithTheCommitThatMakesItsRepositoryPrivate) {
  const auto id = add("site");
  database_.execute(
      "insert into github.repository (id, name, owner_login, private) values (7, 'notes', 'alice', "
      "false)");
  static_cast<void>(
      connect(connection_, {.project_id = id, .repository_id = 7, .name = "alice/notes"}));
  EXPECT_TRUE(sees("site", ""));
  database_.execute("update github.repository set private = true where id = 7");
  EXPECT_FALSE(sees("site", ""));
  EXPECT_FALSE(sees("site", "carol"));
  EXPECT_TRUE(sees("site", "alice"));
  // What was learnt of it stays hidden without the connection, too.
  static_cast<void>(disconnect(connection_, find_connection(connection_, id, "7")->id, "x", ""));
  EXPECT_FALSE(sees("site", ""));
}

TEST_F(ProjectStore, ListsWhatTheViewerSees) {
  add("inner", true);
  add("site");
  const auto names = [&](const Viewer& viewer, bool is_own) {
    std::string text;
    for (const auto& project : list_projects(connection_, viewer, is_own, "", 10))
      text += project.address() + " ";
    return text;
  };
  EXPECT_EQ(names({}, false), "alice/site ");
  EXPECT_EQ(names({.sees_all = true}, false), "alice/inner alice/site ");
  EXPECT_EQ(names({.account_id = account("bob")}, true), "");
  EXPECT_EQ(names({.account_id = account("alice")}, true), "alice/inner alice/site ");
}

TEST_F(ProjectStore, KeepsAProjectThatIsConnected) {
  const auto id = add("site");
  const auto act =
      connect(connection_, {.project_id = id, .repository_id = 7, .name = "alice/notes"});
  EXPECT_EQ(code_of([&] { delete_project(connection_, id); }), "project_connected");
  static_cast<void>(disconnect(connection_, act.connection, "disconnected_by_person", "test"));
  delete_project(connection_, id);
  EXPECT_FALSE(find_project(connection_, id));
}

TEST_F(ProjectStore, GivesARepositoryToOneProject) {
  const auto first = add("site"), second = add("other");
  static_cast<void>(connect(connection_, {.project_id = first, .repository_id = 7}));
  EXPECT_EQ(code_of([&] {
              static_cast<void>(connect(connection_, {.project_id = second, .repository_id = 7}));
            }),
            "repository_taken");
  static_cast<void>(disconnect(connection_, find_connection(connection_, first, "7")->id, "x", ""));
  static_cast<void>(connect(connection_, {.project_id = second, .repository_id = 7}));
  EXPECT_EQ(code_of([&] {
              static_cast<void>(connect(connection_, {.project_id = first, .repository_id = 7}));
            }),
            "repository_taken");
}

TEST_F(ProjectStore, LetsOnlyABlockedConnectionBeApproved) {
  const auto id = add("site");
  const auto act = connect(connection_, {.project_id = id, .repository_id = 7});
  EXPECT_EQ(code_of([&] { static_cast<void>(approve(connection_, act.connection, "test")); }),
            "connection_state");
  database_.execute(
      "update devy.project_repository set state = 'tasks'; select devy.connection_block(id, "
      "'mass_delete') "
      "from devy.project_repository");
  EXPECT_EQ(code_of([&] { static_cast<void>(sync_again(connection_, act.connection, "test")); }),
            "connection_state");
  static_cast<void>(approve(connection_, act.connection, "test"));
  EXPECT_EQ(find_connection(connection_, act.connection)->state, "tasks");
}

}  // namespace project_store_test
}  // namespace devy::sync
