// What deliveries of the App say of its installations, and what that means for connections.
#include <gtest/gtest.h>

#include "core/sync/connections/system.hpp"
#include "core/sync/store/connection_store.hpp"
#include "core/sync/store/project_store.hpp"
#include "core/sync/store/user_token_store.hpp"
#include "tests/support/postgres/postgres.hpp"

namespace devy::sync {
namespace installation_test {

class Installations : public ::testing::Test {
 protected:
  Installations() {
    database_.execute(
        "insert into devy.account (username, github_id) values ('alice', 70), ('bob', 71);"
        "insert into github.repository (id, name, owner_login, private, installation, is_mirrored) "
        "values (7, 'notes', 'alice', false, 12, true)");
    project_ = add_project(connection_, {account("alice"), "site", "", false});
    id_ = connect(connection_, {.project_id = project_, .repository_id = 7}).connection;
    database_.execute("update devy.project_repository set state = 'synced'");
  }
  [[nodiscard]] std::string account(const std::string& name) const {
    return database_.scalar("select id from devy.account where username = '" + name + "'");
  }
  void tell(const std::string& action, std::vector<std::int64_t> gained = {},
            std::vector<std::int64_t> lost = {}) {
    InstallationEvent event;
    event.id = 12;
    event.github_account_id = 70;
    event.login = "alice";
    event.account_type = "User";
    event.action = action;
    event.permissions = R"({"issues": "read", "metadata": "read"})";
    event.gained = std::move(gained);
    event.lost = std::move(lost);
    static_cast<void>(note_installation(connection_, event));
  }
  [[nodiscard]] std::string state() {
    const auto connected = find_connection(connection_, id_);
    return connected->reason.empty() ? connected->state
                                     : connected->state + " " + connected->reason;
  }

  testing::TestDatabase database_;
  pg::Connection connection_ = pg::Connection::open(database_.conninfo(), {}, "test");
  std::string project_, id_;
};

TEST_F(Installations, SuspendsConnectionsAndGatesWhatIsWritten) {
  tell("suspend");
  EXPECT_EQ(state(), "suspended installation_suspended");
  EXPECT_EQ(
      database_.scalar("select not_before from devy.owner_gate where owner = 'installation/12'"),
      "infinity");
  tell("unsuspend");
  EXPECT_EQ(state(), "loading");
  EXPECT_EQ(database_.scalar("select count(*) from devy.owner_gate"), "0");
  EXPECT_EQ(database_.scalar("select count(*) from devy.operation where state = 'verified'"), "1");
}

TEST_F(Installations, ResumesConnectionsOnlyForTheReasonThatEndedThem) {
  tell("removed", {}, {7});
  EXPECT_EQ(state(), "disconnected repository_removed");
  tell("added", {7});
  EXPECT_EQ(state(), "connecting");
  static_cast<void>(disconnect(connection_, id_, "disconnected_by_person", "alice"));
  tell("added", {7});
  EXPECT_EQ(state(), "disconnected disconnected_by_person");
}

TEST_F(Installations, EndsConnectionsWhenOneIsDeleted) {
  tell("deleted");
  EXPECT_EQ(state(), "disconnected installation_removed");
  tell("created", {7});
  EXPECT_EQ(state(), "connecting");
}

TEST_F(Installations, GoesOnWhenThePermissionThatWasMissingIsGiven) {
  database_.execute(
      "update devy.project_repository set state = 'connecting';"
      "select devy.connection_block(id, 'permission_missing') from devy.project_repository");
  tell("new_permissions_accepted");
  EXPECT_EQ(state(), "connecting");
}

TEST_F(Installations, ShowsThemToTheirUserAndAdminsOfProjectsOnThem) {
  tell("created");
  EXPECT_EQ(list_installations(connection_, account("bob")).size(), 0U);
  const auto seen = list_installations(connection_, account("alice"));
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].repositories, std::vector<std::string>{"alice/notes"});
  EXPECT_EQ(seen[0].missing, (std::vector<std::string>{"issues: write", "pull_requests: read"}));
  set_member(connection_, project_, account("bob"), "admin");
  EXPECT_EQ(list_installations(connection_, account("bob")).size(), 1U);
}

TEST_F(Installations, EndsWithTheRepositoryAndGoesOnWhenItIsSeenAgain) {
  database_.execute(
      "update github.repository set deleted_at = now(), deleted_reason = 'access_lost'");
  note_repositories(connection_, {7});
  EXPECT_EQ(state(), "disconnected access_lost");
  database_.execute("update github.repository set deleted_at = null, deleted_reason = null");
  note_repositories(connection_, {7});
  EXPECT_EQ(state(), "connecting");
}

TEST_F(Installations, ErasesTheTokenOfAUserWhoTakesItBack) {
  keep_sealed_token(connection_, account("alice"), {"alice", std::string(40, 'x'), "", {}, {}});
  note_revocation(connection_, 71);
  EXPECT_TRUE(find_sealed_token(connection_, account("alice")));
  note_revocation(connection_, 70);
  EXPECT_FALSE(find_sealed_token(connection_, account("alice")));
}

TEST_F(Installations, LeavesBlockedConnectionsToDoctor) {
  config::Config config;
  config.sync.enabled = true;
  std::vector<base::Diagnosis> diagnoses;
  connections::diagnose(connection_, config, diagnoses);
  ASSERT_EQ(diagnoses.size(), 1U);
  EXPECT_EQ(diagnoses[0].health, base::Health::ok);
  database_.execute("select devy.connection_block(id, 'issues_off') from devy.project_repository");
  diagnoses.clear();
  connections::diagnose(connection_, config, diagnoses);
  ASSERT_EQ(diagnoses.size(), 1U);
  EXPECT_EQ(diagnoses[0].health, base::Health::problem);
  EXPECT_NE(diagnoses[0].message.find("alice/notes in project alice/site"), std::string::npos);
}

}  // namespace installation_test
}  // namespace devy::sync
