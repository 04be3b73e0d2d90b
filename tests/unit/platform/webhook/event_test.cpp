// Payloads as github.md lists their fields: those that no recorded example has, and hostile ones.
#include "core/platform/webhook/event.hpp"

#include <gtest/gtest.h>

#include "core/platform/base/error.hpp"
#include "core/platform/base/time_text.hpp"

namespace devy::webhook {
namespace event_test {

constexpr std::string_view zeros = "0000000000000000000000000000000000000000";
constexpr std::string_view commit = "0123456789abcdef0123456789abcdef01234567";

const std::string repository =
    R"("repository":{"id":42,"name":"notes","full_name":"alice/notes","private":false,
       "owner":{"login":"alice","name":"alice"},"clone_url":"https://github.com/alice/notes.git",
       "default_branch":"main","archived":false,"pushed_at":1767225600})";

// `more` replaces nothing: a key that comes twice counts as the last one.
std::string push(const std::string& more = "") {
  return R"({"ref":"refs/heads/main","before":")" + std::string(zeros) + R"(","after":")" +
         std::string(commit) + R"(","created":false,"deleted":false,"forced":false,
         "head_commit":{"message":"Say more"},"commits":[{"id":"x"}],)" +
         repository + (more.empty() ? "" : "," + more) + "}";
}

std::string refusal(std::string_view name, std::string_view json) {
  try {
    static_cast<void>(parse_event(name, json));
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "payload_invalid");
    return error.text();
  }
  return "none";
}

Push parsed_push(const std::string& more = "") {
  return std::get<Push>(parse_event("push", push(more)).what);
}

TEST(Event, ReadsAPush) {
  const auto event = parse_event("push", push());
  ASSERT_TRUE(event.repository);
  EXPECT_EQ(event.repository->github_id, 42);
  EXPECT_EQ(event.repository->owner, "alice");
  EXPECT_EQ(event.repository->name, "notes");
  EXPECT_EQ(event.repository->clone_url, "https://github.com/alice/notes.git");
  EXPECT_EQ(event.repository->default_branch, "main");
  EXPECT_EQ(event.repository->is_private, false);
  const auto& what = std::get<Push>(event.what);
  EXPECT_EQ(what.branch, "main");
  EXPECT_EQ(what.after, commit);
  EXPECT_FALSE(what.is_deleted);
  EXPECT_FALSE(what.is_skipped);
  EXPECT_EQ(what.pushed_at, base::parse_rfc3339("2026-01-01T00:00:00Z"));
}

TEST(Event, ReadsTheTimeOfAPushAsTextToo) {
  auto json = push();
  json.replace(json.find("1767225600"), 10, "\"2026-01-01T00:00:00Z\"");
  EXPECT_EQ(std::get<Push>(parse_event("push", json).what).pushed_at,
            base::parse_rfc3339("2026-01-01T00:00:00Z"));
}

TEST(Event, ReadsADeletedBranchAndATag) {
  const auto deleted =
      parsed_push(R"("deleted":true,"head_commit":null,"after":")" + std::string(zeros) + "\"");
  EXPECT_TRUE(deleted.is_deleted);
  EXPECT_EQ(parsed_push(R"("ref":"refs/tags/v1")").branch, "");
  EXPECT_EQ(parsed_push(R"("ref":"refs/heads/a/b")").branch, "a/b");
}

TEST(Event, KnowsAPushWithASkipMarker) {
  EXPECT_TRUE(parsed_push(R"("head_commit":{"message":"x [skip ci]"})").is_skipped);
  EXPECT_FALSE(parsed_push(R"("head_commit":{"message":"x"})").is_skipped);
}

TEST(Event, HoldsTheShapeAgainstTheName) {
  const std::string ping = R"({"zen":"Keep it simple.","hook_id":1,"hook":{"events":["push"]}})";
  EXPECT_TRUE(std::holds_alternative<Ping>(parse_event("ping", ping).what));
  EXPECT_NE(refusal("ping", push()), "none");
  EXPECT_NE(refusal("push", ping), "none");
  EXPECT_NE(refusal("push", "{}"), "none");
  EXPECT_NE(refusal("repository", push()), "none");
  EXPECT_NE(refusal("installation", push()), "none");
  EXPECT_TRUE(std::holds_alternative<Other>(parse_event("issues", push()).what));
  EXPECT_TRUE(std::holds_alternative<Other>(parse_event("of_the_future", "{}").what));
}

TEST(Event, WarnsOfAHookThatSendsNoPushes) {
  const auto ping = [](const std::string& hook) {
    return std::get<Ping>(
        parse_event("ping", R"({"zen":"x","hook_id":1,"hook":)" + hook + "}").what);
  };
  EXPECT_TRUE(ping(R"({"events":["*"]})").has_push);
  EXPECT_FALSE(ping(R"({"events":["issues"]})").has_push);
  EXPECT_TRUE(ping(R"({"events":["push"],"config":{"insecure_ssl":"1"}})").is_insecure);
  EXPECT_FALSE(ping(R"({"events":["push"],"config":{"insecure_ssl":"0"}})").is_insecure);
}

TEST(Event, ReadsWhatHappensToARepository) {
  const auto changed = [](const std::string& more) {
    return std::get<RepositoryChanged>(
        parse_event("repository", "{" + repository + "," + more + "}").what);
  };
  EXPECT_EQ(changed(R"("action":"renamed")").change, RepositoryChange::renamed);
  EXPECT_EQ(changed(R"("action":"deleted")").change, RepositoryChange::deleted);
  EXPECT_EQ(changed(R"("action":"of_the_future")").change, RepositoryChange::other);
  EXPECT_FALSE(changed(R"("action":"edited")").is_default_branch_changed);
  EXPECT_TRUE(changed(R"("action":"edited","changes":{"default_branch":{"from":"old"}})")
                  .is_default_branch_changed);
}

TEST(Event, ReadsWhatAnInstallationGainsAndLoses) {
  const auto moved = parse_event(
      "installation_repositories",
      R"({"action":"removed","installation":{"id":7},"repositories_added":[],"repositories_removed":[{"id":1},{"id":2}]})");
  const auto& lost = std::get<InstallationChanged>(moved.what);
  EXPECT_EQ(lost.lost, (std::vector<std::int64_t>{1, 2}));
  EXPECT_FALSE(lost.is_whole_lost);
  const auto gone = parse_event("installation", R"({"action":"deleted","installation":{"id":7}})");
  EXPECT_TRUE(std::get<InstallationChanged>(gone.what).is_whole_lost);
  EXPECT_EQ(gone.installation, 7);
}

TEST(Event, RefusesWhatIsNoPayload) {
  EXPECT_NE(refusal("push", ""), "none");
  EXPECT_NE(refusal("push", "[]"), "none");
  EXPECT_NE(refusal("push", "{"), "none");
  EXPECT_NE(refusal("push", push() + "x"), "none");
  EXPECT_NE(refusal("push", "{\"a\":\"\xff\"}"), "none");
  EXPECT_NE(refusal("other", std::string(100'000, '[')), "none");
  std::string deep = "{\"repository\":";
  for (int i = 0; i < 100'000; ++i)
    deep += "{\"a\":";
  EXPECT_NE(refusal("other", deep), "none");
}

TEST(Event, RefusesFieldsThatAreNotWhatTheyPromise) {
  EXPECT_NE(refusal("push", push(R"("after":"main")")), "none");
  EXPECT_NE(refusal("push", push(R"("after":5)")), "none");
  EXPECT_NE(refusal("push", push(R"("deleted":true)")), "none");
  EXPECT_NE(refusal("push", push(R"("ref":"main")")), "none");
  EXPECT_NE(refusal("push", push(R"("ref":"refs/heads/a b")")), "none");
  EXPECT_NE(refusal("push", push(R"("ref":"refs/heads/a\u0000b")")), "none");
  EXPECT_NE(refusal("push", push(R"("action":5)")), "none");
  const auto named = [](const std::string& fields) {
    return push(R"("repository":{"id":42,"owner":{"login":"alice"},)" + fields + "}");
  };
  EXPECT_EQ(refusal("push", named(R"("name":"notes")")), "none");
  EXPECT_NE(refusal("push", named(R"("name":"..")")), "none");
  EXPECT_NE(refusal("push", named(R"("name":"a/b")")), "none");
  EXPECT_NE(refusal("push", named(R"("name":"notes","clone_url":"https://x/\u001b")")), "none");
  EXPECT_NE(refusal("push", push(R"("repository":{"id":-1})")), "none");
  EXPECT_NE(refusal("push", push(R"("repository":{"id":18446744073709551615})")), "none");
  EXPECT_NE(refusal("push", push(R"("repository":{"id":"42"})")), "none");
}

TEST(Event, KeepsNoActionThatIsNoName) {
  EXPECT_EQ(parse_event("repository_dispatch", R"({"action":"on-demand <test>"})").action, "");
  EXPECT_EQ(parse_event("issues", R"({"action":"opened"})").action, "opened");
}

TEST(Event, NamesNothingOfThePayloadInItsErrors) {
  EXPECT_EQ(refusal("push", "{\"secret-word\""),
            "unable to read a webhook's payload: it is no JSON object, or nested too deep");
  EXPECT_EQ(refusal("push", "{\"ref\": secret-word}"),
            "unable to read a webhook's payload: it is no JSON");
}

TEST(Event, KnowsWhatMayBeAName) {
  EXPECT_TRUE(is_event_name("push"));
  EXPECT_TRUE(is_event_name("installation_repositories"));
  EXPECT_FALSE(is_event_name(""));
  EXPECT_FALSE(is_event_name("Push"));
  EXPECT_FALSE(is_event_name("push\n"));
  EXPECT_FALSE(is_event_name(std::string(65, 'a')));
}

}  // namespace event_test
}  // namespace devy::webhook
