// The oracle can fail: each violation is planted past every trigger, and the oracle's program, run
// as an operator would, reports it under its invariant.
#include <unistd.h>

#include "tests/support/process/program.hpp"
#include "tests/support/publishing/upload_fixture.hpp"

namespace devy::upload {
namespace oracle_test {

using testing::Lines;
using testing::UploadTest;

struct Plant {
  const char* name;
  const char* invariant;  // "I3"
  const char* sql;        // makes it untrue
  const char* says;       // part of a reported line
};

// Two posts, one of them in its second version, and a replay.
class Oracle : public UploadTest {
 protected:
  Oracle() {
    write("one.md", "# One\n");
    write("two.md", "# Two\n");
    push_and_publish();
    write("two.md", "# Two, better\n");
    upload_ = push_and_publish().id.text();
  }
  // Nothing holds here any more.
  void TearDown() override {}

  testing::ProgramResult ask(std::vector<std::string> more = {}) {
    testing::ProgramCall call;
    call.program = "tests/oracle";
    call.arguments = {"--database", conninfo(), "--repositories", folder_ / "srv"};
    call.arguments.insert(call.arguments.end(), more.begin(), more.end());
    return run_program(call);
  }

  void expect_violated(const testing::ProgramResult& result, const std::string& invariant,
                       const std::string& says) {
    EXPECT_EQ(result.status, 1) << result.err;
    const auto at = result.out.find("VIOLATED  " + invariant + " ");
    ASSERT_NE(at, std::string::npos) << result.out;
    auto end = result.out.find("\nok ", at);
    end = std::min(end, result.out.find("\nVIOLATED", at));
    EXPECT_NE(result.out.substr(at, end - at).find(says), std::string::npos) << result.out;
  }

  std::string upload_;
};

TEST_F(Oracle, FindsNothingWhenEverythingIsRight) {
  const auto result = ask(
      {"--settled", "--runtime", config_.runtime_directory, "--daemon", std::to_string(getpid())});
  EXPECT_EQ(result.status, 0) << result.out << result.err;
  for (int n = 1; n <= 14; ++n)
    EXPECT_NE(result.out.find("ok        I" + std::to_string(n) + " "), std::string::npos) << n;
}

TEST_F(Oracle, ReportsWhenItCannotAsk) {
  EXPECT_EQ(ask({"--unknown"}).status, 2);
  EXPECT_EQ(ask({"--database", "host=/nonexistent"}).status, 2);
}

class PlantedViolation : public Oracle, public ::testing::WithParamInterface<Plant> {};

TEST_P(PlantedViolation, IsFoundByTheOracle) {
  const auto& plant = GetParam();
  execute(std::string("set session_replication_role = replica; ") + plant.sql);
  expect_violated(ask(), plant.invariant, plant.says);
}

INSTANTIATE_TEST_SUITE_P(
    InTheDatabase, PlantedViolation,
    ::testing::Values(
        Plant{"APostOfNoFile", "I1",
              "update post set path = 'three.md' where path = 'one.md';"
              "update revision set path = 'three.md' where path = 'one.md'",
              "post of no file: three.md"},
        Plant{"APostThatIsMissing", "I1", "delete from post where path = 'one.md'",
              "no post of file one.md"},
        Plant{"APostOfAnotherBlob", "I1",
              "update post set blob = repeat('0', 40) where path = 'one.md'",
              "post of file one.md is not its blob"},
        Plant{"AHeadThatNobodyPublished", "I1", "update blog set head_operation_id = null",
              "upload did not complete with it"},
        Plant{"ARevisionThatIsMissing", "I1", "delete from revision where version = 1",
              "revisions are not 1..n"},
        Plant{"AnAcceptedPushWithoutUpload", "I2",
              "insert into delivery (guid, event, sender, headers, body, verdict) values"
              " (gen_random_uuid(), 'push', '127.0.0.1', '{}', '', 'accepted')",
              "accepted push without its upload"},
        Plant{"ALeaseThatRanOut", "I3",
              "update lease set operation_id = (select id from operation limit 1), worker = 'x',"
              " lease_expires_at = now() - interval '1 hour'",
              "its lease ran out and nobody noticed"},
        Plant{"AnUploadThatNobodyTakes", "I3",
              "update operation set state = 'verified', finished_at = null,"
              " run_at = now() - interval '1 hour' where attempt = 1 and id = (select id from"
              " operation limit 1)",
              "nobody took it"},
        Plant{"AnUploadThatIsGivenBackForEver", "I3",
              "update operation set state = 'verified', finished_at = null,"
              " stalled_for = interval '27 hours'"
              " where arrival = (select max(arrival) from operation)",
              "given back for longer than a day"},
        Plant{"ASecondEnd", "I4",
              "insert into operation_event (operation_id, seq, state, attempt)"
              " select id, event_count + 1, 'failed', 1 from operation limit 1",
              "more than one terminal event"},
        Plant{"AMoveThatIsNotAllowed", "I4",
              "update operation_event set state = 'held' where state = 'scheduled'",
              "illegal move in the history"},
        Plant{"APointerToItself", "I4",
              "update operation set state = 'cancelled', cancelled_by = id",
              "pointer to nothing, to itself"},
        Plant{"AFenceThatWentBack", "I5", "update lease set fence = 0",
              "lease fence behind its attempts"},
        Plant{"AttemptsThatOverlap", "I5",
              "update attempt set ended_at = now() + interval '1 hour' where fence = 1",
              "attempts that overlap"},
        Plant{"AWriteWithoutAFence", "I5", "update attempt set outcome = 'rescued' where fence = 2",
              "post written by an upload that did not complete"},
        Plant{"AnOldFenceThatWrote", "I5", "update attempt set fence = 0 where fence = 2",
              "a later version has an older fence"},
        Plant{"AHeadThatWentBack", "I6",
              "update blog set head_commit = (select commit from upload where from_commit is null)",
              "the head is not what completed last"},
        Plant{"TwoRunners", "I7",
              "drop index operation_one_running; update operation set state = 'processing',"
              " finished_at = null",
              "more than one running operation"},
        Plant{"TwoThatWait", "I7",
              "drop index operation_one_waiting; update operation set state = 'verified',"
              " finished_at = null",
              "more than one waiting operation"},
        Plant{"ALeaseOfAnotherLane", "I3",
              "update lease set operation_id = (select id from operation limit 1), worker = 'x',"
              " lease_expires_at = now(), lane = 'crm'",
              "lease with another owner, lane or direction"},
        Plant{"APointerAcrossDirections", "I4",
              "update operation set direction = 'outbound', state = 'cancelled', cancelled_by ="
              " (select id from operation order by arrival desc limit 1) where id ="
              " (select id from operation order by arrival limit 1)",
              "pointer to an operation of the other direction"},
        Plant{"ANewestOneOfTheOtherDirection", "I4",
              "update resource set newest_outbound_id = newest_operation_id",
              "newest or completed operation is not its own"},
        Plant{"APublishDoneTwice", "I9",
              "insert into revision (post_id, version, blog_id, change, path, slug, title, blob,"
              " commit, operation_id) select post_id, version + 1, blog_id, 'updated', path, slug,"
              " title, blob, commit, operation_id from revision where version = 2",
              "wrote a post twice"},
        Plant{"ATokenInAnError", "I10",
              "update operation set error_text = 'unable to use ghs_0123456789abcdef'",
              "looks like a secret"},
        Plant{"AFailureWithoutWords", "I12",
              "update operation set state = 'failed', error_code = 'x', error_text = 'x'",
              "failed without a hint"},
        Plant{"AGapInTheHistory", "I14", "delete from operation_event where seq = 2",
              "gap in the events"},
        Plant{"EqualInterruptionsInTwoRows", "I14",
              "update operation set state = 'verified', finished_at = null, replays = 0"
              " where arrival = (select max(arrival) from operation);"
              "insert into attempt (operation_id, fence, resource_id, number, worker, started_at,"
              " ended_at, outcome) select id, n, resource_id, 1, 'w', now(), now(), 'interrupted'"
              " from operation, generate_series(101, 102) n where finished_at is null",
              "that are not one row"},
        Plant{"AStateThatNoEventTells", "I14", "update operation set state = 'failed'",
              "last event does not tell the state"}),
    [](const auto& plant) { return std::string(plant.param.name); });

TEST_F(Oracle, DetectsASessionThatHoldsALock) {
  connection_.execute(pg::Statement{"lock", "select pg_advisory_lock(1)"});
  execute("update operation set run_at = run_at");
  // Nobody can make a session old; the question's patience is what the test shortens.
  auto question = testing::read_text(DEVY_ORACLE_FOLDER "/sql/i11_sessions.sql");
  for (std::size_t at = 0; (at = question.find("10 seconds", at)) != std::string::npos;)
    question.replace(at, 10, "00 seconds");
  EXPECT_EQ(rows(question).size(), 1);
}

TEST_F(Oracle, DetectsABlogThatWentBack) {
  // What came first by GitHub's clock was completed last, and was an ancestor.
  execute(
      "set session_replication_role = replica;"
      "update operation o set event_at = now() + case when u.from_commit is null then interval '0'"
      " else interval '1 hour' end from upload u where u.operation_id = o.id;"
      "update operation_event e set at = now() + interval '1 hour' from upload u"
      " where u.operation_id = e.operation_id and u.from_commit is null and state = 'completed'");
  expect_violated(ask(), "I6", "went back from");
}

TEST_F(Oracle, DetectsAnAnswerWithoutAStoredDelivery) {
  testing::write_text(folder_ / "guids", "7b1a3ec0-0000-4000-8000-000000000001\n");
  expect_violated(ask({"--acknowledged", folder_ / "guids"}), "I2", "answered and not stored once");
}

TEST_F(Oracle, DetectsAPageThatRendersDifferently) {
  const testing::TestDatabase second;
  expect_violated(ask({"--second", second.conninfo()}), "I1", "another rendering differs");
}

TEST_F(Oracle, DetectsLeftoversOnDisk) {
  testing::write_text(config_.runtime_directory + "/tmp_pack_x", "half");
  expect_violated(ask({"--runtime", config_.runtime_directory}), "I8", "half a file");
}

TEST_F(Oracle, DetectsAZombieProcess) {
  const auto child = fork();
  if (child == 0) _exit(0);
  siginfo_t ended{};
  waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT);
  expect_violated(ask({"--daemon", std::to_string(getpid())}), "I8", "never reaped");
  waitpid(child, nullptr, 0);
}

TEST_F(Oracle, DetectsASecretInALog) {
  testing::write_text(folder_ / "secrets", "correct horse\n");
  testing::write_text(folder_ / "log", "the password is correct horse\n");
  expect_violated(ask({"--secrets", folder_ / "secrets", "--log", folder_ / "log"}), "I10",
                  "secret 1 is in");
}

TEST_F(Oracle, DetectsAPlantedSecretInTheDatabase) {
  testing::write_text(folder_ / "secrets", "correct horse\n");
  execute("update operation set reason = 'as correct horse said'");
  expect_violated(ask({"--secrets", folder_ / "secrets"}), "I10", "a planted secret");
}

TEST_F(Oracle, DetectsTooMuchMemory) {
  // More than the service's unit allows, touched a page at a time.
  const auto child = fork();
  if (child == 0) {
    constexpr std::size_t bytes = 1100ULL << 20U;
    std::vector<char> memory(bytes, 'x');
    raise(SIGSTOP);
    _exit(memory[bytes / 2]);
  }
  waitpid(child, nullptr, WUNTRACED);
  expect_violated(ask({"--daemon", std::to_string(child)}), "I13", "MiB resident");
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
}

TEST_F(Oracle, DetectsViolationsThatTheAuditRecorded) {
  database_.load(DEVY_ORACLE_FOLDER "/audit.sql");
  execute("update lease set fence = fence - 1; update lease set fence = fence + 1");
  expect_violated(ask(), "I5", "a fence went back");
}

TEST_F(Oracle, ReadsSettingsAgain) {
  write("devy.toml", "root = \"docs\"\nignore = [\n  \"drafts/\",\n  '*.draft.md',\n]\n");
  write("docs/a.md", "# A\n");
  write("docs/b.draft.md", "# B\n");
  write("docs/drafts/c.md", "# C\n");
  push_and_publish();
  EXPECT_EQ(posts(), (Lines{"docs/a.md a"}));
  const auto result = ask({"--settled"});
  EXPECT_EQ(result.status, 0) << result.out;
  execute("set session_replication_role = replica; delete from post");
  expect_violated(ask(), "I1", "no post of file docs/a.md");
}

}  // namespace oracle_test
}  // namespace devy::upload
