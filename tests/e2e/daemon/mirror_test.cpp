// The mirror, live: the stand-in for GitHub sends deliveries to the daemon, and its tables follow.
// The oracle, in Python, compares all rows with the stand-in's facts.
#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "core/platform/http/server/server.hpp"
#include "tests/e2e/daemon/daemon_fixture.hpp"
#include "tests/support/github/github_state.hpp"
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
    configure("[github]\napi_url = \"" + github_.url() + "\"\ntoken_file = \"" +
              (folder_ / "token") +
              "\"\ntoken_for = [\"alice\"]\nstatuses = false\n"
              "[webhook]\nsender_check = \"off\"\nsecrets = [\"test " +
              (folder_ / "secret") + " for " + id +
              "\"]\n[mirror]\nenabled = true\nsettle_after = \"1s\"\nsettle_every = \"2s\"\n");
  }
  void write_secret(const std::string& name, const std::string& text) const {
    write_text(folder_ / name, text + "\n");
    ::chmod((folder_ / name).c_str(), 0600);
  }
  std::unique_ptr<Program> start_with_listener() {
    auto call = daemon_call();
    call.sockets = {socket_.get()};
    call.socket_names = "public";
    auto daemon = std::make_unique<Program>(call);
    daemon->wait_for("event=\"daemon ready\"");
    github_.control(R"({"do": "create_hook", "repository": "alice/notes", "url": "http://)" +
                    server::address_of(socket_.get()) +
                    R"(/v1/webhooks", "secret": "the secret that deliveries are signed with"})");
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
    while (database_.scalar("select count(*) from devy.operation where finished_at is null") != "0")
      if (std::chrono::steady_clock::now() > until)
        throw std::runtime_error("operations do not end");
  }

  // Until no row is uncertain any more.
  void wait_until_settled() const {
    const auto until = std::chrono::steady_clock::now() + time_factor * std::chrono::seconds(90);
    while (database_.scalar("select (select count(*) from github.issue where not is_settled and "
                            "deleted_at is null) + (select count(*) from github.pull_request where "
                            "not is_settled and deleted_at is null) + (select count(*) from "
                            "devy.operation where finished_at is null)") != "0")
      if (std::chrono::steady_clock::now() > until) throw std::runtime_error("rows do not settle");
  }

  GithubState github_;
  const base::Descriptor socket_;
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

// Whoever knows the secret of one repository speaks of that alone.
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

}  // namespace mirror_test
}  // namespace devy::testing
