// The mirror's routes that load: each row of mirror.md's table of answers.
#include "tests/integration/daemon/web/mirror_routes_fixture.hpp"

namespace devy::daemon {
namespace mirror_loads_test {

class MirrorLoads : public MirrorRoutes {};

TEST_F(MirrorLoads, QueuesALoadAndSaysHowFarItIs) {
  start();
  const auto answer = post("/load/repos/alice/notes", "ghp_alice");
  ASSERT_EQ(answer.status, 202) << answer.body;
  const auto queued = json_of(answer);
  const std::string id = queued["id"];
  EXPECT_EQ(queued["message"], "queued");
  EXPECT_EQ(queued["joined"], false);
  EXPECT_EQ(queued["url"], "/tasks/status/" + id);
  EXPECT_TRUE(answer.has("Location: /tasks/status/" + id + "\r\n"));
  EXPECT_EQ(value("select concat_ws('|', kind, source, requested_by) from operation"),
            "mirror_fetch|api|github:alice");
  EXPECT_EQ(json_of(get("/tasks/status/" + id, "ghp_alice"))["status"], "PENDING");
  EXPECT_EQ(json_of(post("/load/repos/alice/notes", "ghp_alice"))["joined"], true);
  run_operations();
  const auto done = json_of(get("/tasks/status/" + id, "ghp_alice"));
  EXPECT_EQ(done["status"], "SUCCESS");
  EXPECT_EQ(done["target"], "alice/notes");
  for (const char* member :
       {"phase", "progress", "children", "started_at", "finished_at", "retry_at", "error"})
    EXPECT_TRUE(done.contains(member)) << member;
  EXPECT_EQ(value("select full_name from github.repository"), "alice/notes");
}

TEST_F(MirrorLoads, LoadsEachListAndThing) {
  start();
  fill();
  const std::string repository = "/load/repos/alice/notes";
  for (const auto& [path, target] : std::vector<std::pair<std::string, std::string>>{
           {"/issues", "alice/notes/issues"},
           {"/issues/1", "alice/notes/issues/1"},
           {"/pulls", "alice/notes/pulls"},
           {"/pulls/6", "alice/notes/pulls/6"},
           {"/pulls/6/files", "alice/notes/files"},
           {"/labels", "alice/notes/labels"},
           {"/labels/a%20bug", "alice/notes/labels/a bug"},
           {"/milestones", "alice/notes/milestones"},
           {"/milestones/1", "alice/notes/milestones/1"},
           {"/hooks", "alice/notes/hooks"},
           {"/hooks/7", "alice/notes/hooks/7"}}) {
    const auto answer = post(repository + path, "ghp_alice");
    ASSERT_EQ(answer.status, 202) << path << answer.body;
    EXPECT_EQ(
        value("select target from mirror_operation where operation_id = '" + id_of(answer) + "'"),
        target);
  }
  EXPECT_EQ(value("select string_agg(m.list || ' ' || m.state, ', ' order by m.list) from "
                  "mirror_operation m join operation o on o.id = m.operation_id where o.state = "
                  "'verified' and m.list <> 'files'"),
            "hooks all, issues open, labels all, milestones open, pulls open");
  const auto user = post("/load/user/alice/repos", "ghp_bob");
  EXPECT_EQ(value("select target from mirror_operation where operation_id = '" + id_of(user) + "'"),
            "alice");
  // Those of one's own would need one's token later, in a runner.
  const auto own = post("/load/user/repos", "ghp_alice");
  EXPECT_EQ(own.status, 403);
  EXPECT_NE(own.body.find("token_key_file"), std::string::npos);
}

TEST_F(MirrorLoads, ReadsItsParameters) {
  start();
  fill();
  const auto status = [&](const std::string& target) { return post(target, "ghp_alice").status; };
  for (const char* word : {"true", "1", "yes", "on", "TRUE", "false", "0", "no", "off"})
    EXPECT_EQ(status("/load/repos/alice/notes?children=" + std::string(word)), 202) << word;
  EXPECT_EQ(status("/load/repos/alice/notes/issues?state=closed"), 202);
  EXPECT_EQ(status("/load/user/alice/repos?type=owner"), 202);
  EXPECT_EQ(status("/load/repos/alice/notes?children=true&inline=true"), 202)
      << "children beats inline";
  const auto count = value("select count(*) from operation");
  for (const char* query :
       {"/load/repos/alice/notes?inline=perhaps",
        "/load/repos/alice/notes?children=", "/load/repos/alice/notes?state=open",
        "/load/repos/alice/notes/labels?state=open", "/load/repos/alice/notes/issues?state=ajar",
        "/load/repos/alice/notes/issues?state=", "/load/repos/alice/notes/issues/x",
        "/load/repos/alice/notes?type=all", "/load/user/alice/repos?type=all",
        "/load/repos/alice/notes?colour=red", "/load/repos/alice/notes?inline=1&inline=1",
        "/load/repos/a%2Fb/notes", "/load/repos/alice/%00", "/load/repos/../notes"}) {
    const auto answer = post(query, "ghp_alice");
    EXPECT_EQ(answer.status, 400) << query;
    EXPECT_NE(answer.body.find("\"message\""), std::string::npos) << query;
  }
  EXPECT_EQ(value("select count(*) from operation"), count);
}

TEST_F(MirrorLoads, WaitsForAnInlineLoad) {
  start();
  testing::RawConnection client(address_);
  client.send(testing::request_bytes("POST", "/load/repos/alice/notes?inline=yes",
                                     {{"Authorization", "Bearer ghp_alice"}}, ""));
  wait_for("select count(*) = 1 from operation");
  run_operations();
  const auto answer = client.answer();
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(json_of(answer)["message"], "success");
  EXPECT_TRUE(answer.has("X-RateLimit-Remaining: ")) << answer.head;
  EXPECT_EQ(json_of(answer)["id"], value("select id from operation"));
  // One that is gone by then.
  testing::RawConnection late(address_);
  late.send(testing::request_bytes("POST", "/load/repos/alice/notes/issues/4000?inline=1",
                                   {{"Authorization", "Bearer ghp_alice"}}, ""));
  wait_for("select count(*) = 2 from operation");
  run_operations();
  EXPECT_EQ(late.answer().status, 404);
}

TEST_F(MirrorLoads, AnswersAnInlineLoadThatTakesLongWithItsAddress) {
  start();
  testing::RawConnection client(address_);
  client.send(testing::request_bytes("POST", "/load/repos/alice/notes?inline=on",
                                     {{"Authorization", "Bearer ghp_alice"}}, ""));
  wait_for("select count(*) = 1 from operation");
  api_->end_waits();  // as after ten seconds
  const auto answer = client.answer();
  EXPECT_EQ(answer.status, 202);
  EXPECT_TRUE(answer.has("Location: /tasks/status/"));
}

TEST_F(MirrorLoads, SaysWhatIsLeftOfGithubsHourAndLimitsEachCaller) {
  config_.api.account_requests_per_minute = 60;
  start();
  fill();
  auto answer = post("/load/repos/alice/notes", "ghp_alice");
  EXPECT_TRUE(answer.has(
      "X-RateLimit-Limit: " + value("select quota from api_budget where credential = 'token'") +
      "\r\n"));
  EXPECT_TRUE(answer.has("X-RateLimit-Remaining: "));
  EXPECT_TRUE(answer.has("X-RateLimit-Reset: "));
  for (int i = 0; i < 100 && answer.status != 429; ++i)
    answer = post("/load/repos/alice/notes", "ghp_alice");
  EXPECT_EQ(answer.status, 429);
  EXPECT_TRUE(answer.has("Retry-After: "));
  EXPECT_EQ(post("/load/repos/alice/notes", "ghp_bob").status, 202) << "another has his own";
}

TEST_F(MirrorLoads, ServesItsOwnRoutes) {
  start();
  fill();
  const auto answer = post("/v1/mirror/loads", "ghp_alice",
                           R"({"target":"alice/notes/issues","state":"closed","full":true})");
  const auto id = id_of(answer);
  EXPECT_TRUE(answer.has("Location: /v1/mirror/loads/" + id + "\r\n"));
  EXPECT_EQ(json_of(get("/v1/mirror/loads/" + id, "ghp_alice"))["status"], "PENDING");
  for (const char* body :
       {"", "[]", "{}", R"({"target":7})", R"({"target":"a/b/c/d/e"})",
        R"({"target":"alice/notes","state":"open"})", R"({"target":"alice/notes","full":false})",
        R"({"target":"alice/notes","more":1})"})
    EXPECT_EQ(post("/v1/mirror/loads", "ghp_alice", body).status, 400) << body;
  EXPECT_EQ(ask("DELETE", "/v1/mirror/loads/" + id, "ghp_bob").status, 403);
  const auto cancelled = ask("DELETE", "/v1/mirror/loads/" + id, "ghp_alice");
  EXPECT_EQ(cancelled.status, 200) << cancelled.body;
  EXPECT_EQ(json_of(cancelled)["status"], "REVOKED");
  EXPECT_EQ(value("select concat_ws('|', actor, act, target) from audit"),
            "github:alice|operation.cancel|" + id);
  EXPECT_EQ(ask("DELETE", "/v1/mirror/loads/" + id, "ghp_alice").status, 409);
  EXPECT_EQ(get("/tasks/status/" + value("select gen_random_uuid()"), "ghp_alice").status, 404);
  EXPECT_EQ(get("/tasks/status/x", "ghp_alice").status, 404);
}

TEST_F(MirrorLoads, SaysThatTheMirrorIsOff) {
  config_.mirror.enabled = false;
  start();
  EXPECT_EQ(post("/load/repos/alice/notes", "ghp_alice").status, 404);
}

TEST_F(MirrorLoads, AsksToComeAgainWhereSomebodyDoesNotAnswer) {
  config_.github.api_url = "http://127.0.0.1:1";  // nobody is there
  start();
  const auto away = post("/load/repos/alice/notes", "ghp_alice");
  EXPECT_EQ(away.status, 503);
  EXPECT_TRUE(away.has("Retry-After: 30"));
  EXPECT_NE(away.body.find("Try again in 30 seconds."), std::string::npos);
  testing::postgres().stop();
  EXPECT_EQ(post("/load/repos/alice/notes", "alice").status, 503);
  testing::postgres().start();
}

}  // namespace mirror_loads_test
}  // namespace devy::daemon
