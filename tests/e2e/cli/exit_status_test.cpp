#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/e2e/cli/blog_fixture.hpp"

// Every exit status of cli.md that the verbs about uploads can end with.

namespace devy::testing {
namespace exit_status_test {

using ExitStatus = BlogFixture;

TEST_F(ExitStatus, Is0WhenDone) {
  const auto result = run({"trigger", "alice/blog", "--here"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(run({"inspect", "@last", "--exit-status"}).status, 0);
  EXPECT_EQ(run({"watch", "@last"}).status, 0);
}

TEST_F(ExitStatus, Is1WhenItCouldNotBeDone) {
  author_.git({"update-ref", "-d", "refs/heads/main"});
  const auto result = run({"reconcile", "alice/blog"});
  EXPECT_EQ(result.status, 1) << result.out << result.err;
}

TEST_F(ExitStatus, Is2ForWrongArgumentsAndConfiguration) {
  EXPECT_EQ(run({}).status, 2);
  EXPECT_EQ(run({"triger", "alice/blog"}).status, 2);
  EXPECT_EQ(run({"trigger", "alice/blog", "--comit", "x"}).status, 2);
  EXPECT_EQ(run({"trigger", "alice/blog", "--commit", "main"}).status, 2);
  EXPECT_EQ(run({"trigger", "alice/blog", "--ref", "a", "--commit", std::string(40, '1')}).status,
            2);
  EXPECT_EQ(run({"cancel"}).status, 2);
  EXPECT_EQ(run({"cancel", "@last", "--state", "verified"}).status, 2);
  EXPECT_EQ(run({"reconcile"}).status, 2);
  EXPECT_EQ(run({"-c", "/nonexistent.toml", "list"}).status, 2);
  std::ofstream(folder_ / "devy-upload.toml") << "[git]\nurl_schemes = 3\n";
  const auto result = run({"list"});
  EXPECT_EQ(result.status, 2);
  EXPECT_NE(result.err.find("devy-upload.toml:2:1: git.url_schemes"), std::string::npos)
      << result.err;
}

TEST_F(ExitStatus, Is3WhenTheUploadEndedUnsuccessfully) {
  const auto id = record_failed();
  EXPECT_EQ(run({"inspect", id}).status, 0);
  EXPECT_EQ(run({"inspect", id, "--exit-status"}).status, 3);
  EXPECT_EQ(run({"watch", id}).status, 3);
  EXPECT_EQ(run({"replay", id, "--here"}).status, 3);
}

TEST_F(ExitStatus, Is4ForWhatIsNotThereOrAmbiguous) {
  EXPECT_EQ(run({"inspect", "@last"}).status, 4);
  EXPECT_EQ(run({"inspect", "00000000"}).status, 4);
  EXPECT_EQ(run({"inspect", "no id"}).status, 4);
  EXPECT_EQ(run({"trigger", "bob/blog"}).status, 4);
  EXPECT_EQ(run({"list", "--blog", "bob/blog"}).status, 4);
  const auto id = record();
  EXPECT_EQ(run({"logs", id, "--attempt", "5"}).status, 4);
  // A twin that differs in its last digit only; triggers off, since no operation begins ended.
  const auto twin = id.substr(0, 35) + (id.back() == '0' ? '1' : '0');
  static_cast<void>(json({"cancel", id}));
  database_.execute(
      "begin; set local session_replication_role = replica;"
      "create temp table twin as select * from devy.operation where id = '" +
      id +
      "';"
      "update twin set id = '" +
      twin +
      "', event_id = null, idempotency_key = null,"
      " arrival = arrival + 1000, event_count = 0;"
      "insert into devy.operation overriding system value select * from twin;"
      "insert into devy.upload (operation_id, blog_id, repository_url)"
      " select '" +
      twin + "', blog_id, repository_url from devy.upload; commit");
  const auto result = run({"inspect", id.substr(0, 8)});
  EXPECT_EQ(result.status, 4);
  EXPECT_NE(result.err.find(id), std::string::npos) << result.err;
  EXPECT_NE(result.err.find(twin), std::string::npos) << result.err;
}

TEST_F(ExitStatus, Is5ForTheWrongState) {
  const auto id = json({"trigger", "alice/blog", "--here"})["id"].get<std::string>();
  EXPECT_EQ(run({"cancel", id}).status, 5);
  EXPECT_EQ(run({"approve", id}).status, 5);
  const auto waiting = record();
  EXPECT_EQ(run({"replay", waiting}).status, 5);
  // Something newer waits, so an older one goes nowhere.
  EXPECT_EQ(run({"replay", id}).status, 5);
  EXPECT_EQ(run({"blog", "disconnect", "alice/blog", "--yes"}).status, 0);
  EXPECT_EQ(run({"trigger", "alice/blog"}).status, 5);
}

TEST_F(ExitStatus, Is6WithoutPermission) {
  database_.execute("create role stranger login; grant usage on schema devy to stranger");
  auto as_stranger = call({"list"});
  as_stranger.environment["DEVY_DB"] += " user=stranger";
  const auto result = run_program(as_stranger);
  database_.execute("drop owned by stranger; drop role stranger");
  EXPECT_EQ(result.status, 6) << result.err;
}

TEST_F(ExitStatus, Is7WithoutADatabase) {
  const auto result = run({"list", "--db", "host=" + folder_.path()});
  EXPECT_EQ(result.status, 7);
  EXPECT_TRUE(result.err.starts_with("error: unable to reach PostgreSQL")) << result.err;
  auto nowhere = call({"list"});
  nowhere.environment.erase("DEVY_DB");
  nowhere.environment["DEVY_CLUSTER_DIRECTORY"] = folder_.path();
  const auto none = run_program(nowhere);
  EXPECT_EQ(none.status, 7);
  EXPECT_NE(none.err.find("devy-upload db start"), std::string::npos) << none.err;
}

TEST_F(ExitStatus, Is8WhenTimeIsUp) {
  EXPECT_EQ(run({"trigger", "alice/blog", "--wait=300ms"}).status, 8);
  EXPECT_EQ(run({"watch", "@last", "--timeout", "300ms"}).status, 8);
  EXPECT_EQ(run({"inspect", "@last", "--exit-status"}).status, 8);
}

TEST_F(ExitStatus, Is9WhenNobodyIsThereToConfirm) {
  const auto id = record();
  const auto result = run({"cancel", "--blog", "alice/blog"});
  EXPECT_EQ(result.status, 9);
  EXPECT_EQ(result.err,
            "error: unable to cancel 1 upload: nobody is there to confirm it\n"
            "hint: Say --yes, or look first with --dry-run.\n");
  EXPECT_EQ(state_of(id), "verified");
  EXPECT_EQ(run({"cancel", "--blog", "alice/blog", "--yes"}).status, 0);
  EXPECT_EQ(state_of(id), "cancelled");
}

TEST_F(ExitStatus, Is10WhenProblemsWereFound) {
  author_.write_file("broken.md", "---\ntitle: [\n---\n");
  EXPECT_EQ(run({"check", author_.folder()}).status, 10);
}

TEST_F(ExitStatus, Is11WhenOnlySomeWereDone) {
  const auto ended = json({"trigger", "alice/blog", "--here"})["id"].get<std::string>();
  const auto waiting = record();
  const auto result = run({"cancel", ended, waiting, "--yes"});
  EXPECT_EQ(result.status, 11) << result.err;
  EXPECT_EQ(state_of(waiting), "cancelled");
  const auto second = json({"cancel", ended, waiting, "--yes"}, 5);
  EXPECT_EQ(second[0]["error"]["code"], "operation_conflict");
}

TEST_F(ExitStatus, Is130WhenInterrupted) {
  for (const int number : {SIGINT, SIGTERM}) {
    static_cast<void>(record());
    Program program(call({"watch", "@last"}));
    program.wait_for("waiting for a worker");
    program.send_signal(number);
    const auto result = program.wait();
    EXPECT_EQ(result.status, 130);
    EXPECT_EQ(
        result.err,
        "alice/blog: waiting for a worker, but no daemon is there (--here, or `poll --once`, runs "
        "it)\n");
    EXPECT_EQ(state_of(json({"inspect", "@last"})["id"]), "verified");
  }
}

}  // namespace exit_status_test
}  // namespace devy::testing
