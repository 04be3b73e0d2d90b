// The mirror, live: the stand-in for GitHub sends deliveries to the daemon, and its tables follow.
// The oracle, in Python, compares all rows with the stand-in's facts.
#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "core/platform/http/server/server.hpp"
#include "tests/e2e/daemon/daemon_fixture.hpp"
#include "tests/support/github/github_state.hpp"
#include "tests/support/look_again.hpp"
#include "tests/support/time_factor.hpp"

namespace devy::testing {
namespace mirror_test {

using Document = nlohmann::json;

class LiveMirror : public DaemonFixture {
 protected:
  LiveMirror() : socket_(server::bind_socket("127.0.0.1:0")) {
    // Random acts advance its clock, which is never far ahead of ours.
    github_.control(R"({"do": "clock", "advance": -3600})");
    const auto made = Document::parse(github_.control(R"([
      {"do": "fill", "repository": "alice/notes", "issues": 60, "pulls": 12, "labels": 6,
       "milestones": 3, "users": 6, "files_per_pull": 2, "seed": 11},
      {"do": "token", "token": "ghp_mirror", "user": "alice", "scopes": ["repo", "admin:repo_hook"]}])"));
    const auto id = made[0]["id"].dump();
    write_secret("token", "ghp_mirror");
    write_secret("secret", "the secret that deliveries are signed with");
    settings_ = "[github]\napi_url = \"" + github_.url() + "\"\ntoken_file = \"" +
                (folder_ / "token") +
                "\"\ntoken_for = [\"alice\"]\nstatuses = false\n"
                "[webhook]\nsender_check = \"off\"\nsecrets = [\"test " +
                (folder_ / "secret") + " for " + id + "\"]\n[mirror]\nenabled = true\n";
    use_settings("settle_after = \"1s\"\nsettle_every = \"2s\"\n");
  }
  void use_settings(const std::string& mirror) { configure(settings_ + mirror); }
  void write_secret(const std::string& name, const std::string& text) const {
    write_text(folder_ / name, text + "\n");
    ::chmod((folder_ / name).c_str(), 0600);
  }
  std::unique_ptr<Program> start_with_listener() {
    auto call = daemon_call();
    call.sockets = {socket_.get()};
    call.socket_names = "public";
    call.timeout = std::chrono::seconds(300);  // as long as everything that is waited for
    auto daemon = std::make_unique<Program>(call);
    daemon->wait_for("event=\"daemon ready\"");
    hook_ = Document::parse(github_.control(
        R"({"do": "create_hook", "repository": "alice/notes", "url": "http://)" +
        server::address_of(socket_.get()) +
        R"(/v1/webhooks", "secret": "the secret that deliveries are signed with"})"))["id"]
                .dump();
    return daemon;
  }
  [[nodiscard]] ProgramResult devy(std::vector<std::string> arguments) const {
    auto call = daemon_call();
    call.program = "devy-upload";
    call.arguments = std::move(arguments);
    call.environment["DEVY_LOG_LEVEL"] = "error";
    return run_program(call);
  }
  [[nodiscard]] std::string differences() const {
    ProgramCall call;
    call.program = "/usr/bin/python3";
    call.arguments = {DEVY_ORACLE_FOLDER "/mirror_oracle.py", "--state", github_.url(), "--db",
                      database_.conninfo(), "--repository", "alice/notes",
                      // What GitHub has not computed yet keeps what was known for the same head.
                      "--ignore", "pull_request.mergeable"};
    const auto result = run_program(call);
    if (result.status == 0) return {};
    return "status " + std::to_string(result.status) + ":\n" + result.out + result.err;
  }
  // Until every delivery was sent and every operation has ended.
  void settle() const {
    github_.control(R"({"do": "drain", "timeout_ms": 60000})");
    const auto until = std::chrono::steady_clock::now() + time_factor * std::chrono::seconds(60);
    for (; database_.scalar("select count(*) from devy.operation where finished_at is null") != "0";
         pause_before_looking_again())
      if (std::chrono::steady_clock::now() > until)
        throw std::runtime_error("operations do not end");
  }

  void wait_for(const std::string& condition) const {
    const auto until = std::chrono::steady_clock::now() + time_factor * std::chrono::seconds(120);
    for (; database_.scalar(condition) != "t"; pause_before_looking_again())
      if (std::chrono::steady_clock::now() > until)
        throw std::runtime_error("not yet: " + condition);
  }

  // Until no row is uncertain any more.
  void wait_until_settled() const {
    const auto until = std::chrono::steady_clock::now() + time_factor * std::chrono::seconds(90);
    for (; database_.scalar("select (select count(*) from github.issue where not is_settled and "
                            "deleted_at is null) + (select count(*) from github.pull_request where "
                            "not is_settled and deleted_at is null) + (select count(*) from "
                            "devy.operation where finished_at is null)") != "0";
         pause_before_looking_again())
      if (std::chrono::steady_clock::now() > until) throw std::runtime_error("rows do not settle");
  }

  GithubState github_;
  const base::Descriptor socket_;
  std::string settings_, hook_;
};

TEST_F(LiveMirror, FollowsEveryEvent) {
  const auto daemon = start_with_listener();
  EXPECT_EQ(devy({"mirror", "add", "alice/notes", "--wait=60s"}).status, 0);
  ASSERT_EQ(differences(), "");
  github_.control(R"([
    {"do": "create_issue", "repository": "alice/notes", "title": "A new one", "labels": ["label-1"]},
    {"do": "close_issue", "repository": "alice/notes", "number": 3},
    {"do": "edit_issue", "repository": "alice/notes", "number": 5, "title": "Renamed"},
    {"do": "delete_issue", "repository": "alice/notes", "number": 7},
    {"do": "create_label", "repository": "alice/notes", "name": "fresh", "color": "00ff00"},
    {"do": "delete_label", "repository": "alice/notes", "name": "label-2"},
    {"do": "delete_milestone", "repository": "alice/notes", "number": 2},
    {"do": "create_pull", "repository": "alice/notes", "title": "A change", "files": ["a.txt", "b.txt"]}])");
  settle();
  EXPECT_EQ(database_.scalar("select count(*) from devy.operation where state = 'failed'"), "0");
  EXPECT_EQ(database_.scalar("select count(*) from github.pull_request where title = 'A change'"),
            "1");
  // The issue that a new pull request also is comes with the next reading of issues.
  wait_until_settled();
  EXPECT_EQ(devy({"mirror", "load", "alice/notes/issues", "--wait=60s"}).status, 0);
  EXPECT_EQ(differences(), "");
  // The feed says which delivery told it.
  EXPECT_EQ(database_.scalar(
                "select string_agg(distinct i.number || ' ' || c.action || ' ' || c.via, ', ') "
                "from github.change c "
                "join devy.mirror_operation m on m.operation_id = c.operation_id "
                "join devy.delivery d on d.guid = c.delivery_guid and d.guid = m.delivery_guid "
                "join github.issue i on i.id = c.id and i.number in (5, 7) "
                "where c.relation = 'issue' "
                "and (c.action = 'delete' or 'title' = any (c.columns))"),
            "5 update webhook, 7 delete webhook");
  stop(*daemon);
}

TEST_F(LiveMirror, EqualsGithubAfterRandomActsThatArriveTwiceAndInAnyOrder) {
  const auto daemon = start_with_listener();
  EXPECT_EQ(devy({"mirror", "add", "alice/notes", "--wait=60s"}).status, 0);
  github_.control(R"([
    {"do": "webhooks", "doubled": 0.2, "reordered": 5, "senders": 4, "seed": 3},
    {"do": "random", "repository": "alice/notes", "seed": 5, "count": 300, "advance_max": 5}])");
  settle();
  EXPECT_EQ(database_.scalar("select count(*) from devy.operation where state = 'failed'"), "0");
  // What whole seconds hide is read again by the daemon itself.
  wait_until_settled();
  EXPECT_EQ(differences(), "");
  stop(*daemon);
}

// The list settles the head of a pull request, and knows neither its lines nor its files.
TEST_F(LiveMirror, ReadsAPullRequestAgainWhoseLastPushOfASecondWasNotTold) {
  use_settings("settle_after = \"1s\"\nsettle_every = \"2s\"\n");
  github_.control(
      R"({"do": "fill", "repository": "alice/notes", "issues": 3, "pulls": 2, "seed": 4})");
  const auto daemon = start_with_listener();
  EXPECT_EQ(devy({"mirror", "add", "alice/notes", "--wait=60s"}).status, 0);
  const auto number =
      database_.scalar("select min(number) from github.pull_request where state = 'open'");
  const auto push = R"({"do": "push_pull", "repository": "alice/notes", "number": )" + number + "}";
  github_.control("[" + push + R"(, {"do": "webhooks", "lost": 1}, )" + push + "]");
  settle();
  wait_until_settled();
  EXPECT_EQ(differences(), "");
  stop(*daemon);
}

// Lists of several parts are read while what they list changes, and deliveries come in between. An
// edited label has no time but ours, and the clock of the stand-in is an hour behind here: of two
// that changed places no later answer would put it right.
TEST_F(LiveMirror, EqualsGithubAfterRandomActsDuringLoads) {
  use_settings("settle_after = \"1s\"\nsettle_every = \"2s\"\ncomments = true\nparts = 3\n");
  github_.control(R"([
    {"do": "fill", "repository": "alice/notes", "issues": 320, "pulls": 20, "comments": 220, "seed": 4},
    {"do": "faults", "latency_ms": 60},
    {"do": "webhooks", "doubled": 0.2, "reordered": 5, "senders": 4, "seed": 9}])");
  const auto daemon = start_with_listener();
  EXPECT_EQ(devy({"mirror", "add", "alice/notes"}).status, 0);
  wait_for("select exists (select from devy.mirror_scan where list = 'issues')");
  for (int turn = 0; turn < 30; ++turn) {
    github_.control(
        R"({"do": "random", "repository": "alice/notes", "count": 10, "advance_max": 2, "without": ["edit_label"],
                        "seed": )" +
        std::to_string(100 + turn) + "}");
    if (turn % 10 != 5) continue;
    EXPECT_EQ(devy({"mirror", "load", "alice/notes", "--children"}).status, 0);
  }
  settle();
  wait_until_settled();
  EXPECT_EQ(database_.scalar("select count(*) from devy.operation where state = 'failed'"), "0");
  EXPECT_GE(database_.number("select max(parts) from devy.mirror_scan where list = 'issues'"), 2);
  // Deliveries were applied between the first page and the last.
  EXPECT_GE(
      database_.number(
          "select count(*) from devy.operation o join devy.mirror_scan s on s.list = 'issues' "
          "and o.finished_at between s.started_at and s.finished_at "
          "where o.kind = 'mirror_document' and o.state = 'completed'"),
      1);
  // No event tells of the comments that go with an issue.
  EXPECT_EQ(devy({"mirror", "load", "alice/notes/comments", "--wait=60s"}).status, 0);
  EXPECT_EQ(differences(), "");
  stop(*daemon);
}

// They are no issues, pull requests, labels or milestones.
TEST_F(LiveMirror, FollowsCommentsHooksAndMembers) {
  use_settings("comments = true\n");
  const auto daemon = start_with_listener();
  ASSERT_EQ(devy({"mirror", "add", "alice/notes", "--wait"}).status, 0);
  const auto value = [&](const std::string& sql) { return database_.scalar(sql); };
  const auto made = Document::parse(github_.control(R"([
    {"do": "create_comment", "repository": "alice/notes", "number": 3, "body": "First"},
    {"do": "create_comment", "repository": "alice/notes", "number": 3, "body": "Second"},
    {"do": "create_user", "login": "bob"},
    {"do": "collaborator", "repository": "alice/notes", "user": "bob", "role": "write"},
    {"do": "ping_hook", "repository": "alice/notes", "id": )" +
                                                    hook_ + "}]"));
  settle();
  EXPECT_EQ(
      value("select string_agg(body, ' ' order by id) from github.issue_comment where number = 3"),
      "First Second");
  EXPECT_EQ(value("select comments_count from github.issue where number = 3"), "2");
  EXPECT_EQ(value("select is_ours from github.repository_hook where id = " + hook_), "t");
  const std::string rights =
      "select concat_ws(' ', can_pull, can_push, can_admin) from "
      "github.user_repository p join github.\"user\" u on u.id = p.user_id "
      "where u.login = 'bob'";
  EXPECT_EQ(value(rights), "t t f");
  github_.control(R"([{"do": "edit_comment", "repository": "alice/notes", "id": )" +
                  made[0]["id"].dump() + R"(, "body": "Better"},
    {"do": "delete_comment", "repository": "alice/notes", "id": )" +
                  made[1]["id"].dump() + R"(},
    {"do": "collaborator", "repository": "alice/notes", "user": "bob", "role": "read"}])");
  settle();
  EXPECT_EQ(
      value("select string_agg(body || coalesce(' ' || deleted_reason, ''), ', ' order by id) "
            "from github.issue_comment where number = 3"),
      "Better, Second deleted");
  EXPECT_EQ(value(rights), "t f f");
  EXPECT_EQ(differences(), "");
  github_.control(R"({"do": "delete_hook", "repository": "alice/notes", "id": )" + hook_ + "}");
  settle();
  EXPECT_EQ(value("select deleted_reason from github.repository_hook where id = " + hook_),
            "deleted");
}

TEST_F(LiveMirror, EndsTheRowsOfARepositoryThatIsDeleted) {
  const auto daemon = start_with_listener();
  ASSERT_EQ(devy({"mirror", "add", "alice/notes", "--wait"}).status, 0);
  github_.control(R"({"do": "delete_repository", "repository": "alice/notes"})");
  settle();
  for (const auto* table :
       {"repository", "issue", "pull_request", "label", "milestone", "repository_hook"})
    EXPECT_EQ(database_.scalar(
                  std::string("select string_agg(distinct coalesce(deleted_reason, 'lives'), ' ') "
                              "from github.") +
                  table),
              "repository_deleted")
        << table;
}

// A claim by anybody's secret is no proof: what GitHub hides is not final.
TEST_F(LiveMirror, ShowsRowsAgainThatMayBeSeenAgain) {
  github_.control(R"([{"do": "create_user", "login": "carol"},
    {"do": "collaborator", "repository": "alice/notes", "user": "carol", "role": "admin"},
    {"do": "token", "token": "ghp_mirror", "user": "carol", "scopes": ["repo", "admin:repo_hook"]}])");
  const auto daemon = start_with_listener();
  ASSERT_EQ(devy({"mirror", "add", "alice/notes", "--wait"}).status, 0);
  github_.control(
      R"([{"do": "collaborator", "repository": "alice/notes", "user": "carol", "role": null},
    {"do": "privatise_repository", "repository": "alice/notes"}])");
  settle();
  EXPECT_EQ(database_.scalar("select string_agg(distinct coalesce(deleted_reason, 'lives'), ' ') "
                             "from github.issue"),
            "access_lost");
  github_.control(
      R"([{"do": "collaborator", "repository": "alice/notes", "user": "carol", "role": "admin"},
    {"do": "publicise_repository", "repository": "alice/notes"}])");
  settle();
  EXPECT_EQ(database_.scalar("select count(*) from github.issue where deleted_at is not null"),
            "0");
  EXPECT_EQ(differences(), "");
}

// No delivery ever comes: lists are read again for what changed, and once in a while whole.
TEST_F(LiveMirror, ReadsListsAgainAndPaysForChangesAlone) {
  use_settings("rescan_unhooked_every = \"1s\"\nsettle_every = \"0s\"\nfiles = false\n");
  Program daemon(daemon_call());
  daemon.wait_for("event=\"daemon ready\"");
  ASSERT_EQ(devy({"mirror", "add", "alice/notes", "--wait"}).status, 0);
  // Until each list was read again from now on.
  const auto read_again = [&] {
    const auto now = database_.scalar("select clock_timestamp()");
    const auto until = std::chrono::steady_clock::now() + time_factor * std::chrono::seconds(60);
    for (;
         database_.scalar("select count(distinct list) from devy.mirror_scan where list <> 'hooks' "
                          "and finished_at is not null and started_at > '" +
                          now + "'") != "4";
         pause_before_looking_again())
      if (std::chrono::steady_clock::now() > until)
        throw std::runtime_error("lists are not read again");
  };
  read_again();
  github_.forget_requests();
  read_again();
  EXPECT_EQ(github_.requests().find("\"charged\":true"), std::string::npos) << github_.requests();
  github_.control(R"([{"do": "clock", "advance": 300},
    {"do": "close_issue", "repository": "alice/notes", "number": 3},
    {"do": "edit_issue", "repository": "alice/notes", "number": 70, "title": "Better"},
    {"do": "create_issue", "repository": "alice/notes", "title": "Nobody was told"},
    {"do": "edit_milestone", "repository": "alice/notes", "number": 1, "title": "Later"},
    {"do": "create_label", "repository": "alice/notes", "name": "unheard", "color": "00ff00"}])");
  EXPECT_NE(differences(), "");
  read_again();
  EXPECT_EQ(differences(), "");
}

TEST_F(LiveMirror, AsksGithubWhenTheSignatureIsNobodysInParticular) {
  configure("[github]\napi_url = \"" + github_.url() + "\"\ntoken_file = \"" + (folder_ / "token") +
            "\"\ntoken_for = [\"alice\"]\nstatuses = false\n[webhook]\nsender_check = \"off\"\n"
            "secrets = [\"test " +
            (folder_ / "secret") +
            "\"]\n[mirror]\nenabled = true\nsettle_after = \"1s\"\nsettle_every = \"2s\"\n");
  const auto daemon = start_with_listener();
  EXPECT_EQ(devy({"mirror", "add", "alice/notes", "--wait=60s"}).status, 0);
  github_.control(
      R"({"do": "edit_issue", "repository": "alice/notes", "number": 5, "title": "Renamed"})");
  settle();
  EXPECT_EQ(database_.scalar("select count(*) from devy.operation where kind = 'mirror_document'"),
            "0");
  EXPECT_EQ(database_.scalar("select title from github.issue where number = 5"), "Renamed");
  github_.control(R"({"do": "delete_issue", "repository": "alice/notes", "number": 7})");
  settle();
  EXPECT_EQ(database_.scalar("select deleted_reason from github.issue where number = 7"),
            "deleted");
  stop(*daemon);
}

// What no delivery told is found and put right while nobody asks.
TEST_F(LiveMirror, AuditsRowsAndFetchesWhatDiffers) {
  configure("[github]\napi_url = \"" + github_.url() + "\"\ntoken_file = \"" + (folder_ / "token") +
            "\"\ntoken_for = [\"alice\"]\nstatuses = false\n[mirror]\nenabled = true\n"
            "files = false\naudit_every = \"1s\"\n");
  // As few rows as one audit takes.
  github_.control(R"({"do": "fill", "repository": "alice/few", "issues": 9, "pulls": 2, "labels": 3,
                      "users": 3, "seed": 5})");
  const auto daemon = start();
  EXPECT_EQ(devy({"mirror", "add", "alice/few", "--wait=60s"}).status, 0);
  github_.control(R"([{"do": "clock", "advance": 90},
    {"do": "delete_issue", "repository": "alice/few", "number": 2}])");
  database_.execute("update github.issue set title = 'by hand' where number = 4");
  wait_for(
      "select count(*) = 2 from devy.operation where kind = 'mirror_fetch' and source = "
      "'repair' and state = 'completed'");
  EXPECT_EQ(database_.scalar("select distinct lane || ' ' || priority || ' ' || source from "
                             "devy.operation where kind = 'mirror_audit'"),
            "github 250 reconcile");
  EXPECT_EQ(devy({"mirror", "verify", "alice/few"}).status, 0);
  // The next one finds nothing.
  wait_for("select missing + extra + different = 0 from devy.mirror_audit");
  EXPECT_NE(get("/metrics").body.find("devy_mirror_drift_rows "), std::string::npos);
  const auto log = stop(*daemon);
  EXPECT_NE(log.find("mirrored row drifted"), std::string::npos);
}

}  // namespace mirror_test
}  // namespace devy::testing
