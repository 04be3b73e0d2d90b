// A payload's word on ids, addresses and existence is a hint or a claim, whoever signed it: the
// rules of github.md, "Whom to believe", as far as deliveries alone show them.
#include "core/platform/base/error.hpp"
#include "core/platform/schema/role_store.hpp"
#include "tests/integration/publishing/intake_fixture.hpp"

namespace devy::publishing {
namespace whom_to_believe_test {

class WhomToBelieve : public IntakeTest {};

// The GUID is not signed: whoever has a secret can send any.
TEST_F(WhomToBelieve, TellsNothingOfADeliveryWhoseGuidAnotherOneHas) {
  static_cast<void>(push(1));
  connect("other", {}, 43);
  for (const auto& payload : {push_payload({.after = std::string(40, '2')}),
                              push_payload({.repository = {.id = 43, .name = "other"}})}) {
    const auto foreign = take(1, "push", payload);
    EXPECT_TRUE(foreign.is_foreign);
    EXPECT_FALSE(foreign.is_new);
    EXPECT_EQ(foreign.verdict, "rejected");
    EXPECT_TRUE(foreign.operations.empty());
  }
  EXPECT_EQ(value("select count(*) from delivery"), "1");
  EXPECT_EQ(value("select verdict from delivery"), "accepted");
  EXPECT_EQ(uploads(), 1);
}

TEST_F(WhomToBelieve, JudgesAnIgnoredDeliveryAnewWhenItIsRedelivered) {
  const PushPayload payload{.repository = {.id = 50, .name = "later"}};
  EXPECT_EQ(push(1, payload).reason, "no blog");
  EXPECT_FALSE(push(1, payload).is_new);
  connect("later", {}, 50);
  const auto redelivered = push(1, payload);
  EXPECT_TRUE(redelivered.is_new);
  EXPECT_EQ(redelivered.verdict, "accepted");
  ASSERT_EQ(redelivered.operations.size(), 1U);
  EXPECT_EQ(value("select verdict || coalesce(verdict_reason, '') from delivery"), "accepted");
  const auto again = push(1, payload);
  EXPECT_FALSE(again.is_new);
  EXPECT_EQ(again.operations, redelivered.operations);
  EXPECT_EQ(uploads(), 1);
}

// F28: the GUID is not signed, so a captured delivery can come again under another.
TEST_F(WhomToBelieve, MarksACapturedDeliveryUnderAnotherGuidAsADuplicate) {
  const auto first = push(1);
  const auto again = push(2);
  EXPECT_FALSE(again.is_new);
  EXPECT_EQ(again.verdict, "ignored");
  EXPECT_EQ(again.reason, "a copy of " + guid(1));
  EXPECT_TRUE(again.operations.empty());
  complete(first.operations[0], PushPayload().after);
  EXPECT_TRUE(push(3).operations.empty());
  EXPECT_EQ(uploads(), 1);
}

TEST_F(WhomToBelieve, AppliesACapturedRepositoryEventOnlyOnce) {
  const auto renamed = repository_payload("renamed", {.name = "essays"});
  static_cast<void>(take(1, "repository", renamed));
  execute("update repository set claim = null");
  EXPECT_EQ(take(2, "repository", renamed).reason, "a copy of " + guid(1));
  const std::string removed =
      R"({"action":"removed","installation":{"id":5},"repositories_removed":[{"id":42}]})";
  static_cast<void>(take(3, "installation_repositories", removed));
  execute("update repository set frozen_reason = null");
  EXPECT_EQ(take(4, "installation_repositories", removed).reason, "a copy of " + guid(3));
  // A captured body under another event's name is none either: its shape is another.
  EXPECT_EQ(take(5, "installation", removed).verdict, "accepted");
  EXPECT_EQ(value("select coalesce(claim, '') || coalesce(frozen_reason, '') from repository"), "");
}

TEST_F(WhomToBelieve, AppliesNoOlderNews) {
  scope_ = webhook::Scope::of_repository(42);
  const auto edited = [&](int number, const std::string& branch, const std::string& time) {
    return take(number, "repository",
                repository_payload("edited", {.default_branch = branch, .updated_at = time},
                                   R"("changes":{"default_branch":{"from":"x"}})"));
  };
  EXPECT_EQ(edited(1, "second", "2026-01-02T00:00:00Z").operations.size(), 1U);
  EXPECT_TRUE(edited(2, "first", "2026-01-01T00:00:00Z").operations.empty());
  EXPECT_EQ(value("select default_branch from repository"), "second");
  // A time that cannot be does not make everything after it old.
  static_cast<void>(edited(3, "third", "2999-01-01T00:00:00Z"));
  EXPECT_EQ(value("select told_at < now() + interval '6 minutes' from repository"), "t");
}

TEST_F(WhomToBelieve, TakesAnUnknownIdAsAHintToFetchTheBlogsOwnAddress) {
  connect("later", {}, std::nullopt);
  const PayloadRepository claimed{.id = 99,
                                  .owner = "mallory",
                                  .name = "x",
                                  .default_branch = "main",
                                  .url = "https://github.com/alice/later.git",
                                  .is_private = true};
  const auto taken = push(1, {.repository = claimed, .installation = 5});
  ASSERT_EQ(taken.operations.size(), 1U);
  EXPECT_EQ(load_upload(connection_, taken.operations[0]).blog, "alice/later");
  // Nothing of it is learnt, not even the id.
  EXPECT_EQ(value("select concat_ws(' ', coalesce(github_id, 0), url, owner, name, is_private, "
                  "installation) from repository where url like '%later%'"),
            "0 https://github.com/alice/later.git   f");
  // So another id is as good a hint.
  EXPECT_EQ(push(2, {.repository = {.id = 100, .name = "later"}}).verdict, "accepted");
  // Nobody's own secret reaches beyond the id that it is for.
  scope_ = webhook::Scope::of_repository(99);
  EXPECT_EQ(push(3, {.repository = claimed, .after = std::string(40, '3')}).reason, "no blog");
}

// H1 of the review: three steps to another tenant's blog.
TEST_F(WhomToBelieve, LetsNoRepositorysOwnSecretReachAnotherBlog) {
  connect("victim", {}, std::nullopt);
  scope_ = webhook::Scope::of_repository(999);
  const std::string victims = "https://github.com/alice/victim.git";
  EXPECT_EQ(push(1, {.repository = {.id = 999, .name = "victim", .url = victims}}).reason,
            "no blog");
  static_cast<void>(
      take(2, "repository",
           repository_payload("renamed", {.id = 999, .owner = "mallory", .name = "evil"})));
  EXPECT_EQ(push(3, {.repository = {.id = 999, .owner = "mallory", .name = "evil"}}).reason,
            "no blog");
  EXPECT_EQ(value("select count(*) from repository where github_id = 999 or url like '%evil%' or "
                  "claim is not null"),
            "0");
}

TEST_F(WhomToBelieve, StoresWhatAPushSaysOfItsOwnRepository) {
  const PushPayload payload{.repository = {.default_branch = "trunk", .is_private = true},
                            .ref = "refs/heads/trunk",
                            .installation = 5};
  const auto known = [&] {
    return value(
        "select concat_ws(' ', owner, name, default_branch, is_private, installation)"
        " from repository");
  };
  static_cast<void>(push(1, payload));
  EXPECT_EQ(known(), "  t");
  scope_ = webhook::Scope::of_repository(42);
  static_cast<void>(push(
      2, {.repository = payload.repository, .ref = payload.ref, .after = std::string(40, '2')}));
  EXPECT_EQ(known(), "alice notes trunk t");
  scope_ = {webhook::Reach::app};
  static_cast<void>(
      push(3, {.ref = payload.ref, .after = std::string(40, '3'), .installation = 5}));
  // That it is public again is not believed before GitHub was asked.
  EXPECT_EQ(known(), "alice notes main t 5");
}

TEST_F(WhomToBelieve, TakesARenameAsAReasonToAsk) {
  execute("update reconcile_schedule set reconcile_at = now() + interval '1 hour'");
  for (const auto* action : {"renamed", "transferred"}) {
    static_cast<void>(take(static_cast<int>(std::string(action).size()), "repository",
                           repository_payload(action, {.owner = "bob", .name = "essays"})));
    EXPECT_EQ(value("select url || ' ' || owner || ' ' || claim from repository"),
              "https://github.com/alice/notes.git  moved");
    EXPECT_EQ(value("select reconcile_at <= clock_timestamp() from reconcile_schedule"), "t");
    execute("update repository set claim = null");
  }
  // However often it is said, nobody is asked more than once a minute.
  execute("update repository set asked_at = clock_timestamp()");
  execute("update reconcile_schedule set reconcile_at = now() + interval '1 hour'");
  static_cast<void>(take(3, "repository", repository_payload("renamed", {.name = "again"})));
  EXPECT_EQ(value("select reconcile_at > clock_timestamp() + interval '50 seconds' and "
                  "reconcile_at < clock_timestamp() + interval '61 seconds' "
                  "from reconcile_schedule"),
            "t");
}

TEST_F(WhomToBelieve, FreezesNothingBeforeTheRemoteWasAsked) {
  const auto waiting = push(1);
  static_cast<void>(take(2, "repository", repository_payload("deleted")));
  EXPECT_EQ(state(waiting.operations.at(0)), "verified");
  EXPECT_EQ(value("select coalesce(frozen_reason, '') || claim from repository"), "deleted");
  config_.github.app_id = "77";
  config_.github.app_key_file = "/app.pem";
  static_cast<void>(take(3, "installation_repositories",
                         R"({"action":"removed","installation":{"id":5},)"
                         R"("repositories_removed":[{"id":42}]})"));
  EXPECT_EQ(value("select coalesce(frozen_reason, '') || claim from repository"), "removed");
}

TEST_F(WhomToBelieve, HidesAPrivateRepositoryAndRevealsNone) {
  static_cast<void>(take(1, "repository", repository_payload("privatized", {.is_private = true})));
  EXPECT_EQ(value("select is_private from repository"), "t");
  static_cast<void>(take(2, "public", repository_payload("")));
  EXPECT_EQ(value("select is_private || ' ' || claim from repository"), "true public");
}

TEST_F(WhomToBelieve, FreezesABlogWithoutInstallationAndThawsItOnlyWhenAsked) {
  scope_ = {webhook::Reach::app};
  static_cast<void>(push(1, {.installation = 5}));
  const auto moved = [](const char* action, const char* list) {
    return std::string(R"({"action":")") + action + R"(","installation":{"id":5},")" + list +
           R"(":[{"id":42},{"id":1000}]})";
  };
  static_cast<void>(take(2, "installation_repositories", moved("removed", "repositories_removed")));
  EXPECT_EQ(value("select frozen_reason from repository"), "installation removed");
  EXPECT_TRUE(take(3, "installation_repositories", moved("added", "repositories_added"))
                  .operations.empty());
  EXPECT_EQ(value("select frozen_reason || ' ' || claim from repository"),
            "installation removed added");
  execute("update repository set frozen_reason = null, claim = null");
  static_cast<void>(take(4, "installation", R"({"action":"deleted","installation":{"id":5}})"));
  EXPECT_EQ(value("select frozen_reason from repository"), "installation removed");
}

// Only the App itself says which installation has a repository: whoever could say it of another's
// would freeze that one by removing the App from his own.
TEST_F(WhomToBelieve, BelievesAnInstallationOnlyOfTheApp) {
  static_cast<void>(push(1, {.installation = 5}));
  scope_ = webhook::Scope::of_repository(42);
  static_cast<void>(push(2, {.after = std::string(40, '2'), .installation = 5}));
  scope_ = {webhook::Reach::app};
  static_cast<void>(take(3, "installation", R"({"action":"deleted","installation":{"id":5}})"));
  EXPECT_EQ(value("select frozen_reason from repository"), "");
}

TEST_F(WhomToBelieve, RefusesARepositorysOwnSecretForAnother) {
  const auto code = [&](const std::string& event, const std::string& payload) {
    try {
      static_cast<void>(take(1, event, payload));
      return std::string();
    } catch (const base::Error& error) {
      return error.code();
    }
  };
  scope_ = webhook::Scope::of_repository(43);
  EXPECT_EQ(code("push", push_payload()), "wrong_repository");
  EXPECT_EQ(code("ping", testing::ping_payload()), "wrong_repository");
  EXPECT_EQ(code("push", "{"), "payload_invalid");
  scope_ = webhook::Scope::of_repository(42);
  // H3 of the review: its own repository's id, and others' beside it.
  EXPECT_EQ(code("installation_repositories",
                 R"({"action":"removed","installation":{"id":5},"repository":{"id":42},)"
                 R"("repositories_added":[],"repositories_removed":[{"id":111}]})"),
            "wrong_event");
  EXPECT_EQ(code("installation",
                 R"({"action":"deleted","installation":{"id":5},"repository":{"id":42}})"),
            "wrong_event");
  EXPECT_EQ(code("workflow_run", repository_payload("completed")), "wrong_event");
  EXPECT_EQ(value("select count(*) from delivery"), "0");
  EXPECT_EQ(code("issues", repository_payload("opened")), "");
  EXPECT_EQ(value("select scope from delivery"), "for 42");
}

TEST_F(WhomToBelieve, NeedsNoRightsBeyondTheListeners) {
  schema::grant_roles(connection_);
  auto listener = pg::Connection::open(database_.conninfo() + " options='-c role=devy_listener'",
                                       config::Database(), "listener");
  const webhook::Scope app{webhook::Reach::app};
  const auto record = [&](int number, const std::string& event, const std::string& payload,
                          const config::Config& config = {}) {
    return record_from(listener, number, event, payload, app, config).verdict;
  };
  const std::string changes = R"("changes":{"default_branch":{"from":"main"}})";
  EXPECT_EQ(record(1, "push", push_payload({.installation = 5})), "accepted");
  EXPECT_EQ(
      record(2, "repository", repository_payload("edited", {.default_branch = "trunk"}, changes)),
      "accepted");
  EXPECT_EQ(record(3, "repository", repository_payload("renamed", {.name = "x"})), "accepted");
  EXPECT_EQ(record(4, "meta", repository_payload("deleted")), "accepted");
  EXPECT_EQ(record(5, "installation", R"({"action":"deleted","installation":{"id":5}})"),
            "accepted");
  config_.reconcile.every = config::seconds(0);
  EXPECT_EQ(record(6, "repository", repository_payload("deleted"), config_), "accepted");
  EXPECT_EQ(value("select concat_ws(' ', claim, frozen_reason, default_branch, installation, "
                  "hook_lost_at is null) from repository"),
            "moved installation removed main 5 f");
}

}  // namespace whom_to_believe_test
}  // namespace devy::publishing
