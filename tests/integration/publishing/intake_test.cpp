// Deliveries taken into a real database: the table of github.md, event by event.
#include "core/platform/webhook/intake.hpp"

#include <thread>

#include "core/platform/base/error.hpp"
#include "core/platform/webhook/delivery_store.hpp"
#include "tests/integration/publishing/intake_fixture.hpp"

namespace devy::publishing {
namespace intake_test {

class Intake : public IntakeTest {};

TEST_F(Intake, RecordsAnUploadForAPushToTheBlogsBranch) {
  const auto taken = push(1);
  EXPECT_TRUE(taken.is_new);
  EXPECT_EQ(taken.verdict, "accepted");
  ASSERT_EQ(taken.operations.size(), 1U);
  const auto upload = load_upload(connection_, taken.operations[0]);
  EXPECT_EQ(upload.state, queue::State::verified);
  EXPECT_EQ(upload.blog, "alice/notes");
  EXPECT_EQ(upload.trigger, "webhook");
  EXPECT_EQ(upload.delivery_guid, guid(1));
  EXPECT_EQ(upload.ref, std::nullopt);
  EXPECT_EQ(upload.max_attempts, 12);
  EXPECT_EQ(value("select event_at = '2026-01-01T00:00:00Z' from operation"), "t");
  const auto kept = webhook::find_delivery(connection_, guid(1));
  EXPECT_EQ(kept.event, "push");
  EXPECT_EQ(kept.sender, "192.30.252.1");
  EXPECT_EQ(webhook::operations_of(connection_, systems::subscribers(), kept.guid),
            taken.operations);
  EXPECT_EQ(webhook::load_delivery_body(connection_, guid(1)), push_payload());
}

TEST_F(Intake, ChangesNothingForTheSameGuid) {
  const auto first = push(1);
  const auto second = push(1);
  EXPECT_FALSE(second.is_new);
  EXPECT_EQ(second.operations, first.operations);
  EXPECT_EQ(value("select count(*) from delivery"), "1");
  EXPECT_EQ(uploads(), 1);
}

TEST_F(Intake, RecordsOneUploadForFiftyRequestsWithOneGuid) {
  std::atomic<int> new_deliveries{0};
  {
    std::vector<std::jthread> senders;
    for (int i = 0; i < 10; ++i)
      senders.emplace_back([&] {
        auto connection = open();
        for (int j = 0; j < 5; ++j)
          new_deliveries += record_from(connection, 1, "push", push_payload()).is_new ? 1 : 0;
      });
  }
  EXPECT_EQ(new_deliveries, 1);
  EXPECT_EQ(value("select count(*) from delivery"), "1");
  EXPECT_EQ(uploads(), 1);
}

TEST_F(Intake, MarksATriggerOfTheSameCommitAsADuplicate) {
  const auto first = push(1);
  UploadRequest asked;
  asked.announced_commit = PushPayload().after;
  const auto blog = find_blog(connection_, "alice/notes");
  EXPECT_EQ(record_upload(connection_, blog, asked).state, queue::State::duplicate);
  connect("other", "preview", 43);
  PushPayload other{.repository = {.id = 43, .name = "other"}, .ref = "refs/heads/preview"};
  static_cast<void>(push(2, other));
  const auto with_branch = find_blog(connection_, "alice/other");
  EXPECT_EQ(record_upload(connection_, with_branch, asked).state, queue::State::duplicate);
}

TEST_F(Intake, KeepsTheNewerPushInAnyOrderOfArrival) {
  const auto newer = push(1, {.after = std::string(40, 'b'), .pushed_at = 1'767'225'700});
  const auto older = push(2, {.after = std::string(40, 'a'), .pushed_at = 1'767'225'600});
  EXPECT_EQ(state(older.operations.at(0)), "dropped");
  EXPECT_EQ(state(newer.operations.at(0)), "verified");
  const auto newest = push(3, {.after = std::string(40, 'c'), .pushed_at = 1'767'225'700});
  EXPECT_EQ(state(newer.operations.at(0)), "cancelled");
  EXPECT_EQ(state(newest.operations.at(0)), "verified");
}

TEST_F(Intake, StoresOnlyTheDeliveryOfAPushToAnotherBranch) {
  const auto ignored = [&](int number, const PushPayload& payload) {
    const auto taken = push(number, payload);
    EXPECT_EQ(taken.verdict, "ignored");
    EXPECT_TRUE(taken.operations.empty());
    return taken.reason;
  };
  EXPECT_EQ(ignored(1, {.ref = "refs/tags/v1"}), "not a branch");
  EXPECT_EQ(ignored(2, {.ref = "refs/heads/other"}), "another branch");
  EXPECT_EQ(ignored(3, {.is_deleted = true}), "branch deleted");
  EXPECT_EQ(ignored(4, {.message = "x [skip ci]"}), "skip marker");
  EXPECT_EQ(ignored(5, {.repository = {.id = 77, .name = "unknown"}}), "no blog");
  EXPECT_EQ(value("select count(*) from delivery"), "5");
  EXPECT_EQ(uploads(), 0);
}

TEST_F(Intake, FollowsTheBranchThatTheOperatorFixed) {
  connect("fixed", "site", 43);
  const PayloadRepository repository{.id = 43, .name = "fixed"};
  EXPECT_EQ(push(1, {.repository = repository}).reason, "another branch");
  EXPECT_EQ(push(2, {.repository = repository, .ref = "refs/heads/site"}).verdict, "accepted");
}

TEST_F(Intake, FollowsTheBranchOfDevyTomlAndTheDefaultBranch) {
  execute("update blog set settings = '{\"branch\": \"site\"}'");
  EXPECT_EQ(push(1, {.ref = "refs/heads/site"}).verdict, "accepted");
  EXPECT_EQ(push(2).verdict, "accepted");
  EXPECT_EQ(push(3, {.ref = "refs/heads/other"}).reason, "another branch");
}

TEST_F(Intake, DisablesAnUploadOfADisconnectedBlog) {
  disconnect_blog(connection_, find_blog(connection_, "alice/notes"));
  EXPECT_EQ(state(push(1).operations.at(0)), "disabled");
}

TEST_F(Intake, FollowsANewDefaultBranchUnlessTheBlogHasItsOwn) {
  scope_ = {webhook::Reach::app};
  const std::string changes = R"("changes":{"default_branch":{"from":"main"}})";
  const auto taken =
      take(1, "repository", repository_payload("edited", {.default_branch = "trunk"}, changes));
  EXPECT_EQ(state(taken.operations.at(0)), "verified");
  EXPECT_EQ(value("select default_branch from repository"), "trunk");
  EXPECT_TRUE(take(2, "repository", repository_payload("edited")).operations.empty());
  connect("fixed", "site", 43);
  EXPECT_TRUE(
      take(3, "repository", repository_payload("edited", {.id = 43, .name = "fixed"}, changes))
          .operations.empty());
}

TEST_F(Intake, FreezesTheBlogOfADeletedRepositoryWhereNobodyAsks) {
  config_.reconcile.every = config::seconds(0);
  const auto waiting = push(1);
  static_cast<void>(take(2, "repository", repository_payload("deleted")));
  EXPECT_EQ(state(waiting.operations.at(0)), "disabled");
  EXPECT_EQ(value("select frozen_reason from repository"), "repository deleted");
  EXPECT_EQ(state(push(3, {.after = std::string(40, '3')}).operations.at(0)), "disabled");
  // Connecting it again is a person's word against that.
  disconnect_blog(connection_, find_blog(connection_, "alice/notes"));
  connect("notes", {});
  EXPECT_EQ(value("select frozen_reason from repository"), "");
  EXPECT_EQ(state(push(4, {.after = std::string(40, '4')}).operations.at(0)), "verified");
}

TEST_F(Intake, RecordsALostHookUntilTheNextPush) {
  static_cast<void>(take(1, "meta", repository_payload("deleted")));
  EXPECT_EQ(value("select hook_lost_at is not null from repository"), "t");
  EXPECT_EQ(state(push(2).operations.at(0)), "verified");
  EXPECT_EQ(value("select hook_lost_at is not null from repository"), "f");
}

TEST_F(Intake, StoresAndIgnoresAnythingElse) {
  EXPECT_EQ(take(1, "ping", testing::ping_payload()).reason, "a ping");
  EXPECT_EQ(take(2, "issues", repository_payload("opened")).reason, "nothing to do");
  EXPECT_EQ(take(3, "of_the_future", "{}").verdict, "ignored");
  EXPECT_EQ(value("select count(*) from delivery where verdict = 'ignored'"), "3");
}

TEST_F(Intake, StoresAsRejectedAPayloadThatBreaksARule) {
  for (const auto* payload : {"{", "{}", R"({"ref":5})"}) {
    const auto taken = take(static_cast<int>(std::string(payload).size()), "push", payload);
    EXPECT_EQ(taken.verdict, "rejected") << payload;
    EXPECT_TRUE(taken.reason.starts_with("unable to read a webhook's payload: ")) << taken.reason;
  }
  EXPECT_EQ(value("select count(*) from delivery where verdict = 'rejected'"), "3");
}

TEST_F(Intake, AppliesAReplayedDelivery) {
  static_cast<void>(push(1, {.repository = {.id = 50, .name = "later"}}));
  execute("update delivery set received_at = '2026-01-02T00:00:00Z'");
  connect("later", {}, 50);
  const auto replayed =
      webhook::replay_delivery(connection_, config::Config(), systems::subscribers(), guid(1),
                               "operator@host", "it came too soon");
  EXPECT_EQ(replayed.verdict, "accepted");
  ASSERT_EQ(replayed.operations.size(), 1U);
  EXPECT_EQ(state(replayed.operations[0]), "verified");
  EXPECT_EQ(value("select received_at = '2026-01-02T00:00:00Z' from delivery"), "t");
  // It has an upload now, which waits.
  EXPECT_THROW(static_cast<void>(webhook::replay_delivery(
                   connection_, config::Config(), systems::subscribers(), guid(1), "x", "y")),
               base::Error);
  complete(replayed.operations[0], PushPayload().after);
  EXPECT_EQ(webhook::replay_delivery(connection_, config::Config(), systems::subscribers(), guid(1),
                                     "x", "y")
                .operations.at(0),
            replayed.operations[0]);
  EXPECT_EQ(state(replayed.operations[0]), "verified");
}

// Nobody's act goes without its row in the audit.
TEST_F(Intake, ReplaysNothingThatCannotBeNoted) {
  static_cast<void>(push(1, {.repository = {.id = 50, .name = "later"}}));
  connect("later", {}, 50);
  const auto refuse = [] { throw base::Error(base::ErrorKind::unavailable, "no audit"); };
  const auto replay = [&](const std::function<void()>& note) {
    return webhook::replay_delivery(connection_, config::Config(), systems::subscribers(), guid(1),
                                    "x", "y", note);
  };
  EXPECT_THROW(static_cast<void>(replay(refuse)), base::Error);
  EXPECT_EQ(value("select count(*) from upload"), "0");
  EXPECT_EQ(value("select verdict from delivery"), "ignored");
  const auto replayed = replay({});
  ASSERT_EQ(replayed.operations.size(), 1U);
  complete(replayed.operations[0], PushPayload().after);
  EXPECT_THROW(static_cast<void>(replay(refuse)), base::Error);
  EXPECT_EQ(state(replayed.operations[0]), "completed");
}

TEST_F(Intake, ReplaysAFormToo) {
  const auto payload = push_payload({.repository = {.id = 50, .name = "later"}});
  const auto body = testing::form_body(payload);
  webhook::Incoming incoming;
  incoming.guid = guid(1);
  incoming.event = "push";
  incoming.body = body;
  incoming.payload = payload;
  static_cast<void>(webhook::record_delivery(connection_, config::Config(), systems::subscribers(),
                                             webhook::read_delivery(incoming)));
  connect("later", {}, 50);
  EXPECT_TRUE(webhook::replay_delivery(connection_, config::Config(), systems::subscribers(),
                                       guid(1), "x", "y")
                  .operations.size());
  EXPECT_EQ(webhook::load_delivery_body(connection_, guid(1)), body);
}

TEST_F(Intake, ListsAndFindsDeliveries) {
  static_cast<void>(push(1));
  static_cast<void>(take(2, "ping", testing::ping_payload()));
  EXPECT_EQ(webhook::list_deliveries(connection_, {}).size(), 2U);
  EXPECT_EQ(webhook::list_deliveries(connection_, {.event = "push"}).at(0).guid, guid(1));
  EXPECT_EQ(webhook::list_deliveries(connection_, {.verdict = "ignored"}).at(0).guid, guid(2));
  EXPECT_EQ(webhook::list_deliveries(connection_, {.github_id = 42}).size(), 1U);
  EXPECT_EQ(webhook::find_delivery(connection_, "00000002").guid, guid(2));
  const auto code = [&](const std::string& name) {
    try {
      return webhook::find_delivery(connection_, name).guid;
    } catch (const base::Error& error) {
      return error.code();
    }
  };
  EXPECT_EQ(code("00000"), "delivery_ambiguous");
  EXPECT_EQ(code("ffff"), "delivery_not_found");
  EXPECT_EQ(code("%"), "delivery_not_found");
}

}  // namespace intake_test
}  // namespace devy::publishing
