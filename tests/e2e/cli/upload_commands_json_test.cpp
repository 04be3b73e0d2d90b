#include <nlohmann/json.hpp>

#include "tests/e2e/cli/blog_fixture.hpp"

// The JSON documents of the verbs about uploads, as scripts see them.

namespace devy::testing {
namespace upload_commands_json_test {

using UploadCommandsJson = BlogFixture;
using Keys = std::vector<std::string>;

const Keys inspect_keys{"id",
                        "state",
                        "step",
                        "blog",
                        "repository_url",
                        "trigger",
                        "ref",
                        "requested_commit",
                        "commit",
                        "attempt",
                        "max_attempts",
                        "priority",
                        "created_at",
                        "run_at",
                        "started_at",
                        "finished_at",
                        "duration_ms",
                        "worker",
                        "lease_expires_at",
                        "changes",
                        "left_out",
                        "error",
                        "cancelled_by",
                        "cancel_reason",
                        "duplicate_of",
                        "dropped_for",
                        "replay_count",
                        "delivery_guid",
                        "requested_by",
                        "reason",
                        "pause"};

TEST_F(UploadCommandsJson, PrintsTheUploadThatTriggerRan) {
  const auto upload = json({"trigger", "alice/blog", "--here", "--reason", "a test"});
  EXPECT_EQ(keys_of(upload), inspect_keys);
  EXPECT_EQ(upload["state"], "completed");
  EXPECT_EQ(upload["blog"], "alice/blog");
  EXPECT_EQ(upload["trigger"], "operator");
  EXPECT_EQ(upload["commit"], author_.head());
  EXPECT_EQ(upload["reason"], "a test");
  EXPECT_EQ(upload["attempt"], 1);
  EXPECT_EQ(keys_of(upload["changes"]),
            (Keys{"created", "updated", "renamed", "deleted", "unchanged", "file_errors"}));
  EXPECT_EQ(upload["changes"]["created"], 2);
  EXPECT_TRUE(upload["error"].is_null());
  EXPECT_EQ(database_.number("select count(*) from devy.post"), 2);
}

TEST_F(UploadCommandsJson, PrintsTheSameDocumentForInspectAndList) {
  const auto id = json({"trigger", "alice/blog", "--here"})["id"].get<std::string>();
  const auto inspected = json({"inspect", id});
  EXPECT_EQ(keys_of(inspected), inspect_keys);
  EXPECT_EQ(json({"show", "@last"}), inspected);
  const auto listed = json({"list"});
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed[0], inspected);
  EXPECT_EQ(json({"ls", "--state", "failed,held"}).size(), 0U);
  EXPECT_EQ(json({"list", "--blog", "alice/blog", "--since", "1h", "-n", "1"}).size(), 1U);
}

TEST_F(UploadCommandsJson, PrintsTheErrorOfAFailedUploadAsAnObject) {
  const auto upload = json({"inspect", record_failed()});
  EXPECT_EQ(upload["state"], "failed");
  EXPECT_EQ(keys_of(upload["error"]), (Keys{"code", "message", "hint"}));
  EXPECT_EQ(upload["error"]["code"], "commit_gone");
  EXPECT_EQ(upload["requested_commit"], std::string(40, '1'));
}

TEST_F(UploadCommandsJson, AddsTheRequestedSectionsToInspect) {
  const auto id = json({"trigger", "alice/blog", "--here"})["id"].get<std::string>();
  const auto upload = json({"inspect", id, "--attempts", "--events", "--changes"});
  auto keys = inspect_keys;
  keys.insert(keys.end(), {"steps", "attempts", "events", "changeset"});
  EXPECT_EQ(keys_of(upload), keys);
  ASSERT_EQ(upload["attempts"].size(), 1U);
  EXPECT_EQ(keys_of(upload["attempts"][0]),
            (Keys{"number", "worker", "started_at", "ended_at", "outcome", "step", "error",
                  "repeats", "repeated_since"}));
  EXPECT_EQ(upload["attempts"][0]["outcome"], "completed");
  EXPECT_EQ(keys_of(upload["events"][0]), (Keys{"seq", "attempt", "at", "state", "step", "code",
                                                "message", "reason", "by", "pointer"}));
  EXPECT_EQ(upload["events"].back()["state"], "completed");
  EXPECT_EQ(keys_of(upload["changeset"]),
            (Keys{"blog", "from_commit", "to_commit", "created", "updated", "renamed", "deleted",
                  "unchanged", "file_errors", "warnings", "left_out"}));
  EXPECT_EQ(upload["changeset"]["created"], (Keys{"hello.md", "second.md"}));
}

TEST_F(UploadCommandsJson, PrintsTheEventsForLogs) {
  const auto id = json({"trigger", "alice/blog", "--here"})["id"].get<std::string>();
  const auto events = json({"logs", id, "-f"});
  EXPECT_EQ(events.front()["state"], "verified");
  EXPECT_EQ(events.back()["state"], "completed");
  for (const auto& event : json({"logs", id, "--attempt", "1"}))
    EXPECT_EQ(event["attempt"], 1);
}

TEST_F(UploadCommandsJson, PrintsAnArrayInTheGivenOrderForWatch) {
  const auto first = json({"trigger", "alice/blog", "--here"})["id"].get<std::string>();
  const auto second = record_failed();
  const auto watched = json({"watch", second, first}, 3);
  ASSERT_EQ(watched.size(), 2U);
  EXPECT_EQ(keys_of(watched[0]), inspect_keys);
  EXPECT_EQ(watched[0]["id"], second);
  EXPECT_EQ(watched[1]["id"], first);
}

TEST_F(UploadCommandsJson, ReportsTheResultOfEachCancelAndReplay) {
  const auto id = record();
  const auto cancelled = json({"cancel", id});
  ASSERT_EQ(cancelled.size(), 1U);
  EXPECT_EQ(keys_of(cancelled[0]), (Keys{"id", "blog", "result", "error"}));
  EXPECT_EQ(cancelled[0]["result"], "cancelled");
  EXPECT_TRUE(cancelled[0]["error"].is_null());
  EXPECT_EQ(json({"replay", id})[0]["result"], "replayed");
  EXPECT_EQ(state_of(id), "verified");
}

TEST_F(UploadCommandsJson, PrintsTheUploadsThatReplayWaitedFor) {
  const auto id = record();
  static_cast<void>(json({"cancel", id}));
  const auto replayed = json({"replay", id, "--here"});
  ASSERT_EQ(replayed.size(), 1U);
  EXPECT_EQ(keys_of(replayed[0]), inspect_keys);
  EXPECT_EQ(replayed[0]["state"], "completed");
  EXPECT_EQ(replayed[0]["replay_count"], 1);
}

TEST_F(UploadCommandsJson, RecordsMissedCommitsOnReconcile) {
  auto results = json({"reconcile", "alice/blog"});
  ASSERT_EQ(results.size(), 1U);
  EXPECT_EQ(keys_of(results[0]), (Keys{"blog", "tip", "head", "upload", "note", "is_error"}));
  EXPECT_EQ(results[0]["tip"], author_.head());
  EXPECT_TRUE(results[0]["head"].is_null());
  const auto upload = results[0]["upload"].get<std::string>();
  EXPECT_EQ(json({"inspect", upload})["trigger"], "reconcile");
  EXPECT_EQ(json({"poll", "--once"})["ran"], 1);
  results = json({"reconcile", "--all"});
  EXPECT_EQ(results[0]["note"], "up to date");
  EXPECT_TRUE(results[0]["upload"].is_null());
}

TEST_F(UploadCommandsJson, PrintsCountsAndTimesForQueueStats) {
  static_cast<void>(json({"trigger", "alice/blog", "--here"}));
  const auto stats = json({"queue", "stats"});
  EXPECT_EQ(
      keys_of(stats),
      (Keys{"states", "running", "expired_leases", "oldest_waiting_ms", "finished", "mean_ms",
            "p50_ms", "p99_ms", "p9999_ms", "over_five_minutes_share", "paused_until",
            "pause_reason", "paused_blogs", "paused_kinds", "wait_histogram", "commit_statuses"}));
  EXPECT_EQ(keys_of(stats["commit_statuses"]),
            (Keys{"unsent", "oldest_unsent_ms", "sent", "refused", "last_error", "paused_until",
                  "pause_reason"}));
  EXPECT_EQ(stats["states"]["completed"], 1);
  EXPECT_GT(stats["mean_ms"], 0);
}

}  // namespace upload_commands_json_test
}  // namespace devy::testing
