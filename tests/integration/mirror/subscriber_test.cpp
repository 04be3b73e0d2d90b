// What deliveries bring to the mirror, by the secret that signed them: the table of SECURITY.md.
#include "core/mirror/subscriber.hpp"

#include <gtest/gtest.h>

#include "core/platform/webhook/intake.hpp"
#include "tests/support/postgres/postgres.hpp"

namespace devy::mirror {
namespace subscriber_test {

constexpr std::int64_t mirrored = 7, other = 8;

class MirrorSubscriber : public ::testing::Test {
 protected:
  MirrorSubscriber() : connection_(pg::Connection::open(database_.conninfo(), {}, "test")) {
    config_.mirror.enabled = true;
    database_.execute(
        "insert into github.repository (id, name, owner_login, is_mirrored)"
        " values (7, 'notes', 'alice', true), (8, 'other', 'bob', false)");
  }

  // Takes a delivery in; the kinds of the operations that it brought, "401" where it was refused.
  std::string take(const std::string& event, const std::string& payload,
                   const webhook::Scope& scope) {
    webhook::Incoming incoming;
    incoming.guid = "00000000-0000-4000-8000-0000000000" + std::to_string(10 + number_++);
    incoming.event = event;
    incoming.scope = scope;
    incoming.body = payload;
    incoming.payload = payload;
    try {
      const std::array<const webhook::Subscriber*, 1> subscribers{&subscriber_};
      const auto recorded = webhook::record_delivery(connection_, config_, subscribers,
                                                     webhook::read_delivery(incoming));
      verdict_ = recorded.verdict;
      std::string kinds;
      for (const auto& id : recorded.operations)
        kinds += database_.scalar(
            "select kind || ' ' || lane || ' ' || state from devy.operation "
            "where id = '" +
            id.text() + "'");
      return kinds;
    } catch (const base::Error& error) {
      EXPECT_EQ(error.kind(), base::ErrorKind::denied) << error.text();
      return "401";
    }
  }
  webhook::Recovery recover(const std::string& event, const std::string& action,
                            std::int64_t repository, std::size_t of_repository = 1) {
    return subscriber_.recover(connection_, config_,
                               {"g", event, action, repository, "", of_repository}, {});
  }
  // A payload of its own each time: the same one under another GUID is a copy.
  std::string issue(const std::string& action, std::int64_t repository) {
    return R"({"count":)" + std::to_string(++payloads_) + R"(,"action":")" + action +
           R"(","issue":{"id":100,"number":5,"title":"x",)" +
           R"("updated_at":"2026-01-01T00:00:00Z"},"repository":{"id":)" +
           std::to_string(repository) + R"(,"full_name":"alice/notes"}})";
  }

  testing::TestDatabase database_;
  pg::Connection connection_;
  config::Config config_;
  Subscriber subscriber_;
  std::string verdict_;
  int number_ = 0, payloads_ = 0;
};

TEST_F(MirrorSubscriber, BelievesWhomTheTableNames) {
  for (const std::string action : {"edited", "deleted"}) {
    EXPECT_EQ(take("issues", issue(action, mirrored), webhook::Scope::of_repository(mirrored)),
              "mirror_document work verified");
    EXPECT_EQ(take("issues", issue(action, mirrored), webhook::Scope::of_repository(other)), "401");
    EXPECT_EQ(take("issues", issue(action, mirrored), webhook::Scope{}).substr(0, 19),
              "mirror_fetch github");
  }
  EXPECT_EQ(
      take("issues", issue("edited", mirrored), webhook::Scope{webhook::Reach::app}).substr(0, 15),
      "mirror_document");
}

TEST_F(MirrorSubscriber, IgnoresWhatIsNotMirrored) {
  EXPECT_EQ(take("issues", issue("edited", other), webhook::Scope{webhook::Reach::app}), "");
  EXPECT_EQ(verdict_, "ignored");
  EXPECT_EQ(take("star", R"({"action":"created","repository":{"id":7}})",
                 webhook::Scope{webhook::Reach::app}),
            "");
  config_.mirror.enabled = false;
  EXPECT_EQ(take("issues", issue("edited", mirrored), webhook::Scope{webhook::Reach::app}), "");
  EXPECT_EQ(database_.scalar("select count(*) from devy.operation"), "0");
}

TEST_F(MirrorSubscriber, AsksAboutARepositoryWhoseNameMayHaveChanged) {
  EXPECT_EQ(
      take("repository",
           R"({"action":"renamed","repository":{"id":7,"name":"evil","owner":{"login":"eve"},)"
           R"("full_name":"eve/evil","clone_url":"https://github.com/eve/evil.git",)"
           R"("default_branch":"main","private":false,"archived":false}})",
           webhook::Scope::of_repository(mirrored)),
      "mirror_fetch github verified");
  EXPECT_EQ(database_.scalar("select target from devy.mirror_operation"), "alice/notes");
  EXPECT_EQ(database_.scalar("select full_name from github.repository where id = 7"),
            "alice/notes");
}

// The end of a thing is newer than whatever comes late.
TEST_F(MirrorSubscriber, DropsAnEventOfAThingThatWasDeleted) {
  const auto scope = webhook::Scope::of_repository(mirrored);
  EXPECT_EQ(take("issues", issue("deleted", mirrored), scope), "mirror_document work verified");
  EXPECT_EQ(take("issues", issue("edited", mirrored), scope), "mirror_document work dropped");
}

// A label has no time of GitHub's. A rename that comes late must not take the place of its waiting
// end, however long that waits.
TEST_F(MirrorSubscriber, DropsALateEventOfALabelThatWasDeleted) {
  const auto scope = webhook::Scope::of_repository(mirrored);
  const auto label = [](const std::string& action) {
    return R"({"action":")" + action + R"(","label":{"id":3,"name":"bug","color":"ff0000"},)" +
           R"("repository":{"id":7,"full_name":"alice/notes"}})";
  };
  EXPECT_EQ(take("label", label("created"), scope), "mirror_document work verified");
  EXPECT_EQ(take("label", label("edited"), scope), "mirror_document work verified");
  EXPECT_EQ(take("label", label("deleted"), scope), "mirror_document work verified");
  EXPECT_EQ(take("label", label("edited") + " ", scope), "mirror_document work dropped");
  EXPECT_EQ(database_.scalar("select event_at from devy.operation where state = 'verified'"),
            "infinity");
}

TEST_F(MirrorSubscriber, CallsLostDeliveriesOfOtherRepositoriesUnneeded) {
  EXPECT_TRUE(subscriber_.wants("issues", config_));
  EXPECT_FALSE(subscriber_.wants("push", config_));
  EXPECT_EQ(recover("issues", "edited", mirrored), webhook::Recovery::none);
  EXPECT_EQ(recover("issues", "edited", other), webhook::Recovery::unneeded);
  config_.mirror.enabled = false;
  EXPECT_FALSE(subscriber_.wants("issues", config_));
}

// Many are made good by one reading of what changed, which does not show what has ended.
TEST_F(MirrorSubscriber, ReadsAListAgainForManyLostDeliveries) {
  database_.execute(
      "insert into devy.mirror_list (repository_id, list, watermark) values (7, 'issues', "
      "'2026-01-01T00:00:00Z')");
  EXPECT_EQ(recover("issues", "edited", mirrored, 20), webhook::Recovery::none);
  EXPECT_EQ(recover("issues", "deleted", mirrored, 21), webhook::Recovery::none);
  EXPECT_EQ(recover("issues", "transferred", mirrored, 21), webhook::Recovery::none);
  EXPECT_EQ(recover("member", "added", mirrored, 21), webhook::Recovery::none);
  EXPECT_EQ(database_.scalar("select count(*) from devy.operation"), "0");
  for (int n = 0; n < 2; ++n)
    EXPECT_EQ(recover("issues", "edited", mirrored, 21), webhook::Recovery::recovered);
  EXPECT_EQ(database_.scalar("select string_agg(m.target || ' ' || o.kind || ' ' || m.since, ', ') "
                             "from devy.operation o join devy.mirror_operation m on "
                             "m.operation_id = o.id"),
            "alice/notes/issues mirror_scan 2025-12-31 23:58:00+00");
}

TEST_F(MirrorSubscriber, WatchesTheHooksOfMirroredRepositories) {
  const auto watched = subscriber_.watched_repositories(connection_, "github.com");
  ASSERT_EQ(watched.size(), 1U);
  EXPECT_EQ(watched[0].url, "https://github.com/alice/notes");
  webhook::LostDelivery lost{"g", "issues", "edited", std::nullopt, watched[0].key, 1};
  EXPECT_EQ(subscriber_.recover(connection_, config_, lost, {}), webhook::Recovery::none);
  lost.hook = "mirror/8";
  EXPECT_EQ(subscriber_.recover(connection_, config_, lost, {}), webhook::Recovery::unneeded);
}

// One operation a touched thing; the comment's end is newer than whatever comes late.
TEST_F(MirrorSubscriber, RecordsAnOperationForEachThingOfAnEvent) {
  const std::string comment =
      R"({"action":"created","comment":{"id":9,"updated_at":"2026-01-01T00:00:00Z"},)"
      R"("issue":{"id":100,"number":5,"updated_at":"2026-01-01T00:00:00Z"},)"
      R"("repository":{"id":7,"full_name":"alice/notes"}})";
  const auto scope = webhook::Scope::of_repository(mirrored);
  EXPECT_EQ(take("issue_comment", comment, scope), "mirror_document work verified");
  config_.mirror.comments = true;
  EXPECT_EQ(take("issue_comment", std::string(comment).replace(11, 7, "deleted"), scope),
            "mirror_document work verifiedmirror_document work verified");
  EXPECT_EQ(take("issue_comment", std::string(comment).replace(11, 7, "edited_"), scope),
            "mirror_document work verifiedmirror_document work dropped");
}

TEST_F(MirrorSubscriber, BelievesTheAppAloneAboutItsInstallation) {
  const std::string removed =
      R"({"action":"removed","installation":{"id":5},"repositories_added":[],)"
      R"("repositories_removed":[{"id":7}]})";
  database_.execute("update github.repository set installation = 5 where id = 7");
  EXPECT_EQ(take("installation_repositories", removed, webhook::Scope{}), "");
  EXPECT_EQ(database_.scalar("select installation from github.repository where id = 7"), "5");
  EXPECT_EQ(take("installation_repositories", removed + " ", webhook::Scope{webhook::Reach::app}),
            "mirror_fetch github verified");
  EXPECT_EQ(database_.scalar("select installation is null from github.repository where id = 7"),
            "t");
  EXPECT_EQ(take("installation",
                 R"({"action":"created","installation":{"id":6},"repositories":[{"id":7}]})",
                 webhook::Scope{webhook::Reach::app}),
            "mirror_fetch github verified");
  EXPECT_EQ(database_.scalar("select installation from github.repository where id = 7"), "6");
  EXPECT_EQ(
      take("installation", R"({"action":"deleted","installation":{"id":6},"repositories":[]})",
           webhook::Scope{webhook::Reach::app}),
      "mirror_fetch github verified");
  EXPECT_EQ(database_.scalar("select installation is null from github.repository where id = 7"),
            "t");
}

}  // namespace subscriber_test
}  // namespace devy::mirror
