#include <algorithm>
#include <csignal>
#include <nlohmann/json.hpp>

#include "tests/e2e/cli/blog_fixture.hpp"

// What the verbs about uploads do, beyond their documents and exit statuses.

namespace devy::testing {
namespace upload_commands_test {

class UploadCommands : public BlogFixture {
 protected:
  std::string publish() const {
    return json({"trigger", "alice/blog", "--here"})["id"].get<std::string>();
  }
  long posts() const { return database_.number("select count(*) from devy.post"); }
  long uploads() const { return database_.number("select count(*) from devy.upload"); }
};

TEST_F(UploadCommands, WaitsForWhicheverWorkerRunsTheUpload) {
  Program waiting(call({"trigger", "alice/blog", "--wait=30s"}));
  waiting.wait_for("waiting for a worker");
  EXPECT_EQ(run({"poll", "--once"}).status, 0);
  const auto result = waiting.wait();
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_NE(result.out.find("completed: alice/blog at "), std::string::npos);
  EXPECT_NE(result.out.find("  2 created\n"), std::string::npos) << result.out;
}

TEST_F(UploadCommands, WaitsForTheNewerUploadThatCancelledTheFirst) {
  Program waiting(call({"trigger", "alice/blog", "--wait=30s"}));
  waiting.wait_for("waiting for a worker");
  const auto newer = publish();
  const auto result = waiting.wait();
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_TRUE(result.out.starts_with(newer.substr(0, 8) + " completed")) << result.out;
}

TEST_F(UploadCommands, NamesTheNewerUploadButFailsWhenWatchedUploadIsCancelled) {
  const auto older = record();
  const auto newer = publish();
  const auto result = run({"watch", older});
  EXPECT_EQ(result.status, 3);
  EXPECT_NE(result.out.find("cancelled by the newer " + newer), std::string::npos) << result.out;
}

TEST_F(UploadCommands, TreatsADuplicateAsTheUploadThatItDuplicates) {
  const auto commit = author_.head();
  const std::vector<std::string> exactly{"trigger", "alice/blog", "--commit", commit};
  const auto first = json(exactly)["id"].get<std::string>();
  const auto second = json(exactly);
  ASSERT_EQ(second["state"], "duplicate");
  EXPECT_EQ(second["duplicate_of"], first);
  const auto id = second["id"].get<std::string>();
  EXPECT_EQ(run({"watch", id, "--timeout", "300ms"}).status, 8);
  EXPECT_EQ(run({"poll", "--once"}).status, 0);
  EXPECT_EQ(run({"watch", id}).status, 0);
  EXPECT_EQ(run({"inspect", id, "--exit-status"}).status, 0);
}

TEST_F(UploadCommands, RecordsOneUploadForOneIdempotencyKey) {
  const std::vector<std::string> words{"trigger", "alice/blog", "--idempotency-key", "k1"};
  const auto first = json(words)["id"];
  EXPECT_EQ(json(words)["id"], first);
  EXPECT_EQ(uploads(), 1);
}

TEST_F(UploadCommands, ListsFileErrorsAndWhatToDoNext) {
  author_.write_file("broken.md", "---\ntitle: [a\n---\nText.\n");
  author_.commit("Break one");
  const auto result = run({"trigger", "alice/blog", "--here"});
  EXPECT_EQ(result.status, 0);
  EXPECT_NE(result.out.find("1 file error\n  broken.md:"), std::string::npos) << result.out;
  static_cast<void>(record_failed());
  const auto failed = run({"watch", "@last-failed"});
  EXPECT_NE(failed.err.find("error: unable to fetch"), std::string::npos) << failed.err;
  EXPECT_NE(failed.err.find("devy-upload replay "), std::string::npos) << failed.err;
}

TEST_F(UploadCommands, ContinuesAHeldUploadWhenApproved) {
  for (int i = 0; i < 12; ++i)
    author_.write_file("more/" + std::to_string(i) + ".md", "# Post " + std::to_string(i) + "\n");
  author_.commit("Write many");
  static_cast<void>(publish());
  for (int i = 0; i < 12; ++i)
    author_.remove_file("more/" + std::to_string(i) + ".md");
  author_.commit("Delete nearly all");
  const auto held = run({"trigger", "alice/blog", "--here"});
  EXPECT_EQ(held.status, 3) << held.err;
  EXPECT_NE(held.out.find("held: alice/blog"), std::string::npos) << held.out;
  EXPECT_NE(held.err.find("devy-upload approve "), std::string::npos) << held.err;
  EXPECT_EQ(posts(), 14);
  EXPECT_EQ(json({"list", "--stuck"}).size(), 1U);

  const auto looked = run({"approve", "@last", "--dry-run"});
  EXPECT_NE(looked.out.find("would approve"), std::string::npos) << looked.out;
  EXPECT_EQ(json({"inspect", "@last"})["state"], "held");
  EXPECT_EQ(json({"approve", "@last", "--reason", "moved"})["state"], "verified");
  EXPECT_EQ(run({"poll", "--once"}).status, 0);
  EXPECT_EQ(run({"watch", "@last"}).status, 0);
  EXPECT_EQ(posts(), 2);
}

TEST_F(UploadCommands, RefusesAReplayOverANewerCommitUnlessForced) {
  const auto older = publish();
  const auto first_commit = author_.head();
  author_.write_file("third.md", "# Third\n");
  author_.commit("Write a third");
  const auto newer = publish();
  EXPECT_EQ(posts(), 3);
  const auto before = json({"inspect", older});
  const auto refused = run({"replay", older});
  EXPECT_EQ(refused.status, 5);
  EXPECT_EQ(refused.err, "error: unable to replay '" + older + "': the newer " + newer +
                             " goes before it\nhint: To put it over what is newer, say --force.\n");
  EXPECT_EQ(json({"inspect", older}), before);
  EXPECT_EQ(run({"replay", older, "--force", "--here", "--reason", "roll back"}).status, 0);
  EXPECT_EQ(posts(), 2);
  EXPECT_EQ(database_.scalar("select pinned_commit from devy.blog"), first_commit);
}

TEST_F(UploadCommands, SaysInADryRunWhatTheReplayWouldDo) {
  const auto older = publish();
  author_.write_file("third.md", "# Third\n");
  author_.commit("Write a third");
  const auto newer = publish();
  const auto before = json({"list"});
  const auto refused = run({"replay", older, "--dry-run"});
  EXPECT_EQ(refused.status, 5);
  EXPECT_NE(refused.err.find("would be refused: unable to replay '" + older + "': the newer " +
                             newer + " goes before it"),
            std::string::npos)
      << refused.err;
  const auto document = json({"replay", older, "--dry-run"}, 5);
  EXPECT_TRUE(document[0]["result"].is_null());
  EXPECT_EQ(document[0]["error"]["code"], "newer_upload");
  EXPECT_EQ(json({"replay", newer, "--dry-run"})[0]["result"], "would replay");
  EXPECT_EQ(json({"replay", older, "--force", "--dry-run"})[0]["result"], "would replay");
  EXPECT_EQ(json({"replay", newer, "--here", "--dry-run"})[0]["result"], "would replay");
  EXPECT_EQ(json({"list"}), before);
}

TEST_F(UploadCommands, ReplaysTheNewestOfEachBlogInBulk) {
  const auto older = record_failed();
  const auto newer = record_failed();
  const std::vector<std::string> all{"replay", "--state", "failed", "--since", "1h"};
  const auto with = [&](const std::string& word) {
    auto words = all;
    words.push_back(word);
    return words;
  };
  EXPECT_EQ(run(all).status, 9);
  const auto looked = run(with("--dry-run"));
  EXPECT_EQ(looked.status, 0);
  EXPECT_TRUE(looked.out.starts_with("would replay " + newer)) << looked.out;
  EXPECT_EQ(std::count(looked.out.begin(), looked.out.end(), '\n'), 1) << looked.out;
  EXPECT_EQ(looked.err, "would leave 1 older upload alone: replay takes the newest of each blog\n");
  const auto planned = json(with("--dry-run"));
  EXPECT_EQ(planned[0]["result"], "would replay");
  EXPECT_EQ(planned[1]["result"], "would leave alone");
  const auto before = json({"inspect", older});
  const auto results = json(with("--yes"));
  ASSERT_EQ(results.size(), 2U);
  EXPECT_EQ(results[0]["id"], newer);
  EXPECT_EQ(results[0]["result"], "replayed");
  EXPECT_EQ(results[1]["id"], older);
  EXPECT_EQ(results[1]["result"], "left alone");
  EXPECT_EQ(json({"inspect", older}), before);
  EXPECT_EQ(run({"replay", "--state", "dropped", "--yes"}).err, "nothing to replay\n");
}

TEST_F(UploadCommands, ReplaysTheNewestOfThoseNamed) {
  const auto older = record_failed();
  const auto newer = record_failed();
  EXPECT_EQ(run({"replay", older, newer, "--yes"}).status, 0);
  EXPECT_EQ(state_of(older), "failed");
  EXPECT_EQ(state_of(newer), "verified");
}

TEST_F(UploadCommands, CountsTheTimeOfAReplayFromTheReplay) {
  const auto id = publish();
  database_.execute(
      "update devy.operation set created_at = created_at - interval '1 hour', started_at = "
      "started_at - interval '1 hour', waiting_since = waiting_since - interval '1 hour'");
  EXPECT_GT(json({"inspect", id})["duration_ms"], 3'000'000);
  EXPECT_EQ(run({"replay", id, "--here"}).status, 0);
  EXPECT_LT(json({"inspect", id})["duration_ms"], 300'000);
  EXPECT_LT(json({"list"})[0]["duration_ms"], 300'000);
  const auto stats = json({"queue", "stats"});
  EXPECT_LT(stats["p99_ms"], 300'000);
  EXPECT_EQ(stats["over_five_minutes_share"], 0);
}

TEST_F(UploadCommands, SaysInADryRunWhatCannotBeCancelledOrApproved) {
  const auto ended = publish();
  for (const std::string verb : {"cancel", "approve"}) {
    const auto real = run({verb, ended});
    const auto dry = run({verb, ended, "--dry-run"});
    EXPECT_EQ(real.status, 5) << verb;
    EXPECT_EQ(dry.status, 5) << verb;
    EXPECT_NE(dry.err.find("would be refused: unable to " + verb), std::string::npos) << dry.err;
  }
  const auto waiting = record();
  EXPECT_EQ(json({"cancel", waiting, "--dry-run"})[0]["result"], "would cancel");
}

TEST_F(UploadCommands, RunsNothingWhileTheQueueIsPaused) {
  EXPECT_EQ(run({"queue", "pause", "--reason", "moving"}).status, 0);
  EXPECT_EQ(run({"trigger", "alice/blog"}).status, 0);
  EXPECT_EQ(json({"poll", "--once"})["ran"], 0);
  const auto reason = json({"queue", "stats"})["pause_reason"].get<std::string>();
  EXPECT_TRUE(reason.starts_with("moving (")) << reason;
  EXPECT_EQ(run({"queue", "resume"}).status, 0);
  EXPECT_EQ(json({"poll", "--once"})["ran"], 1);
  EXPECT_EQ(run({"queue", "pause", "alice/blog"}).status, 0);
  EXPECT_EQ(run({"trigger", "alice/blog"}).status, 0);
  EXPECT_EQ(json({"poll", "--once"})["ran"], 0);
}

TEST_F(UploadCommands, ChangesNothingInADryRun) {
  const auto id = record();
  const auto before =
      database_.scalar("select md5(string_agg(o::text, ' ')) from devy.operation o");
  for (const auto& words : std::vector<std::vector<std::string>>{{"trigger", "alice/blog"},
                                                                 {"cancel", id},
                                                                 {"cancel", "--blog", "alice/blog"},
                                                                 {"poll", "--once"},
                                                                 {"reconcile", "--all"},
                                                                 {"queue", "pause"},
                                                                 {"queue", "resume"}}) {
    auto dry = words;
    dry.emplace_back("--dry-run");
    const auto result = run(dry);
    EXPECT_EQ(result.status, 0) << words[0];
    EXPECT_NE((result.out + result.err).find("would "), std::string::npos) << words[0];
  }
  EXPECT_EQ(database_.scalar("select md5(string_agg(o::text, ' ')) from devy.operation o"), before);
  EXPECT_TRUE(json({"queue", "stats"})["paused_until"].is_null());
}

TEST_F(UploadCommands, RecordsWhoAndWhy) {
  auto as_alice = call({"trigger", "alice/blog", "--reason", "because", "--json"});
  as_alice.environment["SUDO_USER"] = "alice";
  const auto upload = nlohmann::json::parse(run_program(as_alice).out);
  EXPECT_NE(upload["requested_by"].get<std::string>().find(" (sudo from alice)@"),
            std::string::npos);
  EXPECT_EQ(upload["reason"], "because");
  EXPECT_EQ(run({"cancel", "@last", "--reason", "not needed"}).status, 0);
  const auto reason = json({"inspect", "@last"})["cancel_reason"].get<std::string>();
  EXPECT_TRUE(reason.starts_with("not needed (")) << reason;
}

TEST_F(UploadCommands, PollsUntilASignalArrives) {
  Program worker(call({"poll"}));
  static_cast<void>(record());
  worker.wait_for("alice/blog: publish");
  EXPECT_EQ(run({"watch", "@last", "--timeout", "30s"}).status, 0);
  worker.send_signal(SIGTERM);
  EXPECT_EQ(worker.wait().status, 0);
}

TEST_F(UploadCommands, AcceptsAnyUnambiguousPrefix) {
  const auto id = record();
  for (const std::size_t length : {4U, 8U, 13U, 20U, 36U})
    EXPECT_EQ(json({"inspect", id.substr(0, length)})["id"], id);
  const auto listed = run({"list"});
  EXPECT_NE(listed.out.find("\n" + id.substr(0, 8) + "  "), std::string::npos) << listed.out;
}

}  // namespace upload_commands_test
}  // namespace devy::testing
