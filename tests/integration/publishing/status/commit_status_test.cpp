// What GitHub is told of uploads, and that it never gets in their way.
#include "core/publishing/status/commit_status.hpp"

#include <nlohmann/json.hpp>

#include "core/platform/base/error.hpp"
#include "core/platform/queue/rescue.hpp"
#include "core/platform/schema/role_store.hpp"
#include "tests/support/github/rsa_key.hpp"
#include "tests/support/hand_clock.hpp"
#include "tests/support/http/scripted_transport.hpp"
#include "tests/support/publishing/upload_fixture.hpp"

#include <sys/stat.h>

namespace devy::status {
namespace commit_status_test {

using testing::ending;
using testing::Lines;
using testing::UploadTest;

using testing::ScriptedTransport;

class CommitStatus : public UploadTest {
 protected:
  CommitStatus() {
    const auto url = server_.url();
    config_.github.api_url = "https://api.example";
    config_.github.host = url.substr(url.find("//") + 2);
    use_token();
    play([](const auto&) { return http::Response{201, {}, "{}"}; });
  }

  std::string private_file(const std::string& name, const std::string& text) {
    const auto path = folder_ / name;
    testing::write_text(path, text);
    chmod(path.c_str(), 0600);
    return path;
  }
  void use_token() {
    config_.github.token_file = private_file("token", "ghp_planted\n");
    config_.github.token_for = {"alice"};
  }
  void use_app() {
    config_.github.token_file.clear();
    config_.github.app_id = "77";
    config_.github.app_key_file = private_file("app.pem", testing::rsa_key().private_pem);
    execute("update repository set github_id = 9");
  }
  // How GitHub answers from now on; what it was asked before is forgotten.
  void play(const ScriptedTransport::Play& play) {
    auto transport = std::make_unique<ScriptedTransport>(play);
    github_ = transport.get();
    handler_ = nullptr;
    access_ = std::make_unique<github::Access>(config_, clock_, std::move(transport));
  }
  // Runs the operations that send; how many.
  int send() {
    if (!handler_) handler_ = std::make_unique<StatusHandler>(config_, clock_, std::move(access_));
    queue::RunnerOptions options{queue::worker_name(7), conninfo_, config_.database, config_.queue};
    options.lane = queue::github_lane;
    queue::Runner runner(options, base::system_clock(), base::system_random());
    runner.add_handler(publishing::status_kind, *handler_);
    return runner.run_all({}, 100);
  }
  void make_statuses_due() {
    execute("delete from api_pause");
    execute("update operation set run_at = now() where state = 'verified'");
  }
  // "state description" of what GitHub was told of the commit, in order.
  Lines told(const std::string& commit) const {
    Lines lines;
    for (const auto& request : github_->requests) {
      if (request.method != "POST" || !request.url.ends_with("/statuses/" + commit)) continue;
      const auto body = nlohmann::json::parse(request.body);
      EXPECT_EQ(body["context"], "devy");
      lines.push_back(body["state"].get<std::string>() + " " +
                      body["description"].get<std::string>());
    }
    return lines;
  }
  Lines states() const {
    return rows(
        "select state || coalesce(' ' || error_code, '') from operation "
        "where kind = 'github_status' order by arrival");
  }

  testing::HandClock clock_;
  ScriptedTransport* github_ = nullptr;
  std::unique_ptr<github::Access> access_;
  std::unique_ptr<StatusHandler> handler_;
};

TEST_F(CommitStatus, SaysWhatAnUploadChanged) {
  write("a.md", "# A\n");
  write("b.md", "# B\n");
  const auto commit = push();
  EXPECT_EQ(ending(publish()), "completed");
  EXPECT_EQ(send(), 1);
  // Nobody has sent in between: one request says all.
  EXPECT_EQ(told(commit), Lines{"success 2 added"});
  EXPECT_EQ(github_->requests.at(0).url, "https://api.example/repos/alice/blog/statuses/" + commit);
  EXPECT_EQ(states(), Lines{"completed"});
  EXPECT_EQ(send(), 0);
}

TEST_F(CommitStatus, IsPendingWhileAnUploadRuns) {
  write("a.md", "# A\n");
  const auto commit = push();
  const auto id = record();
  int sent = 0;
  run(id, [&](const queue::Progress& progress) {
    if (progress.step == "snapshot") sent += send();
  });
  EXPECT_EQ(sent, 1);
  EXPECT_EQ(told(commit), Lines{"pending being published"});
  EXPECT_EQ(send(), 1);
  EXPECT_EQ(told(commit), (Lines{"pending being published", "success 1 added"}));
  EXPECT_EQ(value("select sent_state from commit_status"), "success");
}

TEST_F(CommitStatus, BeginsWithTheAnnouncedCommit) {
  write("a.md", "# A\n");
  publishing::UploadRequest request;
  request.announced_commit = push();
  server_.misbehave([](testing::Faults& faults) { faults.status = 404; });
  expect_head("");
  EXPECT_EQ(ending(publish(request)), "failed/repository_not_found");
  EXPECT_EQ(send(), 1);
  EXPECT_EQ(told(*request.announced_commit), Lines{"error not published: repository_not_found"});
}

TEST_F(CommitStatus, SaysTheFirstFileErrorAndWhere) {
  write("a.md", "---\ntitle: [\n---\n# A\n");
  write("b.md", "# B\n");
  const auto commit = push();
  static_cast<void>(publish());
  EXPECT_EQ(send(), 1);
  ASSERT_EQ(told(commit).size(), 1U);
  EXPECT_TRUE(told(commit)[0].starts_with("failure a.md:")) << told(commit)[0];
}

TEST_F(CommitStatus, LeadsToTheBlogWhereTheSiteHasAnAddress) {
  config_.site.url = "https://devy.test";
  push_and_publish();
  EXPECT_EQ(send(), 1);
  EXPECT_EQ(nlohmann::json::parse(github_->requests.at(0).body)["target_url"],
            "https://devy.test/alice/blog");
}

TEST_F(CommitStatus, FollowsHoweverAnUploadEnds) {
  write("a.md", "# A\n");
  const auto commit = push();
  expect_head("");
  server_.misbehave([](testing::Faults& faults) { faults.status = 500; });
  publishing::UploadRequest request;
  request.announced_commit = commit;
  const auto id = record(request);
  EXPECT_EQ(ending(run(id)), "verified/remote_unavailable");
  EXPECT_EQ(send(), 1);
  EXPECT_EQ(told(commit), Lines{"pending waiting to be published"});
  // By a person, in psql even.
  execute("select operation_cancel('" + id.text() + "', false, 'enough')");
  EXPECT_EQ(send(), 1);
  EXPECT_EQ(told(commit).back(), "error cancelled by an operator");
}

// The listener may not write statuses; what its pushes supersede is told of all the same.
TEST_F(CommitStatus, FollowsWhatAListenerSupersedes) {
  schema::grant_roles(connection_);
  write("a.md", "# A\n");
  const auto commit = push();
  server_.misbehave([](testing::Faults& faults) { faults.status = 500; });
  publishing::UploadRequest request;
  request.announced_commit = commit;
  EXPECT_EQ(ending(publish(request)), "verified/remote_unavailable");
  auto listener = pg::Connection::open(conninfo_ + " options='-c role=devy_listener'",
                                       config_.database, "listener");
  write("a.md", "# A again\n");
  request.announced_commit = push();
  request.source = queue::Source::webhook;
  const auto newer = publishing::record_upload(listener, blog(), request);
  EXPECT_EQ(newer.state, queue::State::verified);
  EXPECT_EQ(send(), 1);
  EXPECT_EQ(told(commit), Lines{"success superseded by a newer push"});
  server_.behave();
  EXPECT_EQ(ending(run(newer.id)), "completed");
}

TEST_F(CommitStatus, IsSentAgainForAReplay) {
  write("a.md", "# A\n");
  const auto commit = push();
  const auto upload = publish();
  EXPECT_EQ(send(), 1);
  execute("select operation_replay('" + upload.id.text() + "', false, true, 1, 'me', null)");
  EXPECT_EQ(ending(run(upload.id)), "completed");
  EXPECT_EQ(send(), 1);
  EXPECT_EQ(told(commit), (Lines{"success 1 added", "success no posts changed"}));
}

TEST_F(CommitStatus, IsNotSentWithoutACredential) {
  config_.github.statuses = false;
  push_and_publish();
  config_.github.statuses = true;
  config_.github.host = "github.com";
  write("b.md", "# B\n");
  push_and_publish();
  config_.github = {};
  write("c.md", "# C\n");
  push_and_publish();
  EXPECT_EQ(value("select count(*) from commit_status"), "0");
  EXPECT_EQ(states(), Lines{});
}

TEST_F(CommitStatus, WaitsOutARateLimitForAllOfItsShare) {
  write("a.md", "# A\n");
  const auto commit = push();
  publish();
  const auto reset = std::chrono::floor<std::chrono::seconds>(base::system_clock().now()) +
                     std::chrono::seconds(900);
  clock_.pass(base::system_clock().now() - clock_.now());
  play([&](const auto&) {
    return http::Response{403,
                          {{"x-ratelimit-remaining", "0"},
                           {"x-ratelimit-reset", std::to_string(reset.time_since_epoch().count())}},
                          ""};
  });
  EXPECT_EQ(send(), 1);
  EXPECT_EQ(states(), Lines{"verified rate_limited"});
  EXPECT_EQ(value("select attempt from operation where kind = 'github_status'"), "0");
  EXPECT_EQ(value("select extract(epoch from run_at - now()) between 880 and 901 "
                  "from operation where kind = 'github_status'"),
            "t");
  // Whoever looks before asks nothing.
  execute("update operation set run_at = now() where state = 'verified'");
  EXPECT_EQ(send(), 1);
  EXPECT_EQ(github_->requests.size(), 1U);
  make_statuses_due();
  play([](const auto&) { return http::Response{201, {}, "{}"}; });
  EXPECT_EQ(send(), 1);
  EXPECT_EQ(told(commit), Lines{"success 1 added"});
}

TEST_F(CommitStatus, IsSentOnceLaterWhenGithubIsUnavailable) {
  write("a.md", "# A\n");
  const auto commit = push();
  play([](const auto&) -> http::Response {
    throw base::Error(base::ErrorKind::unavailable, "unable to ask: it is away", "", "timed_out");
  });
  EXPECT_EQ(ending(publish()), "completed");
  for (int tries = 0; tries < 3; ++tries) {
    make_statuses_due();
    EXPECT_EQ(send(), 1);
    EXPECT_EQ(states(), Lines{"verified timed_out"});
  }
  EXPECT_EQ(value("select attempt from operation where kind = 'github_status'"), "0");
  make_statuses_due();
  play([](const auto&) { return http::Response{201, {}, "{}"}; });
  EXPECT_EQ(send(), 1);
  EXPECT_EQ(told(commit), Lines{"success 1 added"});
  EXPECT_EQ(value("select count(*) from api_pause"), "0");
}

TEST_F(CommitStatus, DoublesTheDelayAfterEachFailure) {
  push_and_publish();
  play([](const auto&) { return http::Response{502, {}, "<html>"}; });
  Lines pauses;
  for (int tries = 0; tries < 8; ++tries) {
    execute("update api_pause set not_before = now()");
    execute("update operation set run_at = now() where state = 'verified'");
    EXPECT_EQ(send(), 1);
    pauses.push_back(
        value("select ceil(extract(epoch from not_before - now()) / 5) * 5 from api_pause"));
  }
  EXPECT_EQ(pauses, (Lines{"5", "10", "20", "40", "80", "160", "300", "300"}));
}

TEST_F(CommitStatus, RecordsAFinalRefusal) {
  for (const int status : {401, 403, 404, 422}) {
    write("a.md", "# A " + std::to_string(status) + "\n");
    push_and_publish();
    play([&](const auto&) { return http::Response{status, {}, R"({"message":"no"})"}; });
    EXPECT_EQ(send(), 1);
    EXPECT_EQ(states().back(), "completed");
    const auto error = value("select error from commit_status order by sent_at desc limit 1");
    EXPECT_NE(error.find("status " + std::to_string(status) + ", no"), std::string::npos) << error;
    EXPECT_EQ(error.find("ghp_planted"), std::string::npos);
    EXPECT_EQ(send(), 0);
  }
}

TEST_F(CommitStatus, FindsTheInstallationOfAnAppAndRenewsARevokedToken) {
  use_app();
  int issued = 0;
  play([&](const http::Request& request) -> http::Response {
    if (request.url.ends_with("/installation")) return {200, {}, R"({"id":5})"};
    if (request.url.ends_with("/installations/5/access_tokens"))
      return {201, {}, R"({"token":"ghs_)" + std::to_string(++issued) + "\"}"};
    const auto bearer = ScriptedTransport::header(request, "authorization");
    return {bearer == "Bearer ghs_1" ? 401 : 201, {}, "{}"};
  });
  write("a.md", "# A\n");
  const auto commit = push();
  publish();
  EXPECT_EQ(send(), 1);
  EXPECT_EQ(told(commit), (Lines{"success 1 added", "success 1 added"}));
  EXPECT_EQ(issued, 2);
  EXPECT_EQ(value("select installation from repository"), "5");
  EXPECT_EQ(value("select error is null from commit_status"), "t");
}

TEST_F(CommitStatus, FollowsARenamedRepositoryAndKeepsItsName) {
  execute("update repository set github_id = 9");
  play([&](const http::Request& request) -> http::Response {
    const bool is_old = request.url.find("/repos/alice/blog") != std::string::npos;
    if (is_old) return {307, {{"Location", "https://api.example/repositories/9/x"}}, ""};
    if (request.method == "POST") return {201, {}, "{}"};
    return {200, {}, R"({"id":9,"name":"journal","owner":{"login":"alicia"}})"};
  });
  push_and_publish();
  EXPECT_EQ(send(), 1);
  EXPECT_EQ(rows("select owner, name from repository"), Lines{"alicia|journal"});
  EXPECT_EQ(value("select sent_state from commit_status"), "success");
}

TEST_F(CommitStatus, UsesOneOperationPerRepositoryForManyStatuses) {
  Lines commits;
  for (int n = 0; n < 3; ++n) {
    write("a.md", "# A " + std::to_string(n) + "\n");
    commits.push_back(push());
    publish();
  }
  EXPECT_EQ(states(), Lines{"verified"});
  EXPECT_EQ(send(), 1);
  for (const auto& commit : commits)
    EXPECT_EQ(told(commit).size(), 1U);
}

TEST_F(CommitStatus, IsEnqueuedLaterBySweep) {
  push_and_publish();
  execute("delete from operation where kind = 'github_status'");
  EXPECT_EQ(send(), 0);
  EXPECT_EQ(publishing::sweep_statuses(connection_), 1);
  EXPECT_EQ(publishing::sweep_statuses(connection_), 0);
  EXPECT_EQ(send(), 1);
  EXPECT_EQ(publishing::sweep_statuses(connection_), 0);
}

TEST_F(CommitStatus, LetsAnUploadEndWhenItCannotBeEnqueued) {
  write("a.md", "# A\n");
  push();
  const auto id = record();
  run(id, [&](const queue::Progress& progress) {
    // Whatever goes wrong there.
    if (progress.step == "publish")
      execute(
          "create or replace function commit_status_wake(p_repository_id uuid, p_source text) "
          "returns void language plpgsql as $$ begin raise exception 'broken'; end $$");
  });
  EXPECT_EQ(ending(load(id)), "completed");
  EXPECT_EQ(value("select sent < wanted from commit_status"), "t");
}

}  // namespace commit_status_test
}  // namespace devy::status
