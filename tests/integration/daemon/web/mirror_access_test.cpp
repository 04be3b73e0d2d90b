// Who may ask the mirror for what: a stranger learns nothing of what is private, on no route.
#include "tests/integration/daemon/web/mirror_routes_fixture.hpp"
#include "tests/support/token/site_token.hpp"

namespace devy::daemon {
namespace mirror_access_test {

class MirrorAccessTest : public MirrorRoutes {
 protected:
  // The body of a load of what is nowhere, which any other refusal has to equal.
  [[nodiscard]] std::string absent(const std::string& who) const {
    const auto answer = post("/load/repos/alice/nothing", who);
    EXPECT_EQ(answer.status, 404) << answer.body;
    return answer.body;
  }
};

TEST_F(MirrorAccessTest, WantsATokenUnlessAnonymousLoadsAreOn) {
  start();
  for (const char* target : {"/load/repos/alice/notes", "/v1/mirror/loads", "/load/user/bob/repos"})
    EXPECT_EQ(post(target, "").status, 401) << target;
  for (const char* target : {"/v1/mirror/repositories", "/v1/mirror/changes", "/tasks/status/x"})
    EXPECT_EQ(get(target, "").status, 401) << target;
  const auto unknown = post("/load/repos/alice/notes", "ghp_nobody");
  EXPECT_EQ(unknown.status, 401);
  EXPECT_TRUE(unknown.has("WWW-Authenticate: Bearer"));
  EXPECT_EQ(
      ask("POST", "/load/repos/alice/notes", "", "", {{"Authorization", "Bearer a.b.c"}}).status,
      401);
  EXPECT_EQ(
      ask("POST", "/load/repos/alice/notes", "", "", {{"Authorization", "Basic eDp5"}}).status,
      401);
  EXPECT_EQ(value("select count(*) from operation"), "0");
}

TEST_F(MirrorAccessTest, ServesTheSitesTokensUntilTheyAreRevoked) {
  start();
  EXPECT_EQ(post("/load/repos/alice/notes", "carol").status, 202);
  EXPECT_EQ(value("select requested_by from operation"), "api:carol");
  const auto with_id = [&] {
    return ask("POST", "/load/repos/alice/notes", "", "",
               {{"Authorization", "Bearer " + testing::site_token(site_secret, "carol", 300, "t")}})
        .status;
  };
  EXPECT_EQ(with_id(), 202);
  execute("insert into token_denied (jti, denied_by) values ('t', 'x')");
  EXPECT_EQ(with_id(), 401);
  EXPECT_EQ(post("/load/repos/alice/notes", "carol").status, 202) << "another token";
}

TEST_F(MirrorAccessTest, LetsNobodyInParticularLoadWhatIsPublic) {
  config_.mirror.anonymous_load = true;
  start();
  const auto answer = post("/load/repos/alice/notes", "");
  ASSERT_EQ(answer.status, 202) << answer.body;
  EXPECT_EQ(value("select requested_by from operation"), "anonymous");
  EXPECT_EQ(get("/tasks/status/" + id_of(answer), "").status, 200);
  EXPECT_EQ(post("/load/repos/alice/secret", "").body, absent(""));
  EXPECT_EQ(ask("DELETE", "/v1/mirror/loads/" + id_of(answer), "").status, 403);
}

TEST_F(MirrorAccessTest, RefusesAnonymousRequestsFromElsewhere) {
  config_.mirror.anonymous_load = true;
  start();
  const auto status = [&](const std::string& host, const testing::RawHeaders& more) {
    std::string bytes =
        "POST /load/repos/alice/notes HTTP/1.1\r\nConnection: close\r\nHost: " + host +
        "\r\nContent-Length: 0\r\n";
    for (const auto& [name, text] : more)
      bytes += name + ": " + text + "\r\n";
    testing::RawConnection client(address_);
    client.send(bytes + "\r\n");
    return client.answer().status;
  };
  EXPECT_EQ(status("localhost:8000", {}), 202);
  EXPECT_EQ(status("devy.example", {}), 202);
  EXPECT_EQ(status("[::1]:8000", {{"Origin", "https://devy.example"}}), 202);
  EXPECT_EQ(status("localhost", {{"Sec-Fetch-Site", "none"}}), 202);
  EXPECT_EQ(status("elsewhere.example", {}), 403) << "a name that somebody lets lead here";
  EXPECT_EQ(status("localhost", {{"Origin", "https://elsewhere.example"}}), 403);
  EXPECT_EQ(status("localhost", {{"Origin", "null"}}), 403);
  EXPECT_EQ(status("localhost", {{"Sec-Fetch-Site", "cross-site"}}), 403);
}

TEST_F(MirrorAccessTest, TellsAStrangerNothingOfWhatIsPrivate) {
  config_.mirror.anonymous_load = true;
  start();
  fill();
  const auto load = id_of(post("/load/repos/alice/secret", "ghp_alice"));
  const auto hook = id_of(post("/load/repos/alice/notes/issues", "ghp_alice"));
  const auto count = [&] {
    return value("select count(*) from mirror_operation where target not like '%collaborators%'");
  };
  const auto before = count();
  for (const char* who : {"ghp_bob", "bob", "carol", ""}) {
    const auto nothing = absent(who);
    for (const char* below : {"", "/issues", "/issues/1", "/labels", "/hooks", "/pulls/1/files"})
      EXPECT_EQ(post("/load/repos/alice/secret" + std::string(below), who).body, nothing)
          << who << below;
    EXPECT_EQ(post("/v1/mirror/loads", who, R"({"target":"alice/secret"})").body, nothing) << who;
    EXPECT_EQ(get("/tasks/status/" + load, who).body, nothing) << who;
    EXPECT_EQ(get("/v1/mirror/loads/" + load, who).body, nothing) << who;
    EXPECT_EQ(ask("DELETE", "/v1/mirror/loads/" + load, who).body, nothing) << who;
    EXPECT_EQ(get("/tasks/status/" + hook, who).status, 200) << who;
    for (const char* list : {"/v1/mirror/repositories", "/v1/mirror/changes?limit=1000"}) {
      const auto answer = get(list, who);
      EXPECT_EQ(answer.status, 200) << answer.body;
      EXPECT_NE(answer.body.find("alice/notes"), std::string::npos) << who << list;
      EXPECT_EQ(answer.body.find("alice/secret"), std::string::npos) << who << list;
      EXPECT_EQ(answer.body.find(value("select id from github.repository where private")),
                std::string::npos)
          << who << list;
    }
  }
  EXPECT_EQ(count(), before);
}

TEST_F(MirrorAccessTest, ShowsHooksToAdministratorsAlone) {
  start();
  fill();
  const auto load = id_of(post("/load/repos/alice/notes/hooks", "ghp_alice"));
  EXPECT_EQ(post("/load/repos/alice/notes/hooks", "ghp_bob").status, 404);
  EXPECT_EQ(get("/tasks/status/" + load, "ghp_bob").status, 404);
  EXPECT_EQ(get("/tasks/status/" + load, "ghp_alice").status, 200);
}

TEST_F(MirrorAccessTest, LetsWhoeverMayPullReadByHisRights) {
  start();
  fill();
  EXPECT_EQ(post("/load/repos/alice/secret", "alice").status, 404) << "nobody has asked GitHub yet";
  EXPECT_EQ(value("select target from mirror_operation where target like '%collaborators%'"),
            "alice/secret/collaborators/alice");
  run_operations();
  const auto load = post("/load/repos/alice/secret", "alice");
  EXPECT_EQ(load.status, 202) << load.body;
  const auto listed = get("/v1/mirror/repositories", "alice").body;
  EXPECT_NE(listed.find("alice/secret"), std::string::npos);
  EXPECT_NE(get("/v1/mirror/changes", "alice").body.find("alice/secret"), std::string::npos);
  // What was said too long ago does not count.
  execute(
      "update github.user_repository set last_replicated_via_api_at = now() - interval '2 hours'");
  EXPECT_EQ(post("/load/repos/alice/secret", "alice").status, 404);
  EXPECT_EQ(get("/v1/mirror/repositories", "alice").body.find("alice/secret"), std::string::npos);
  EXPECT_EQ(get("/v1/mirror/changes", "alice").body.find("alice/secret"), std::string::npos);
  EXPECT_EQ(post("/load/repos/alice/secret", "ghp_alice").status, 202) << "his token opens it";
}

TEST_F(MirrorAccessTest, LeavesPrivateRepositoriesOutOfAUsersLoad) {
  start();
  fill();
  const auto load = id_of(post("/load/user/alice/repos?children=true", "ghp_bob"));
  run_operations();
  execute(
      "update mirror_operation m set child_ids = child_ids || array(select operation_id from "
      "mirror_operation where target = 'alice/secret') where operation_id = '" +
      load + "'");
  const auto status = get("/tasks/status/" + load, "ghp_bob");
  EXPECT_EQ(status.status, 200);
  EXPECT_NE(status.body.find("alice/notes"), std::string::npos) << status.body;
  EXPECT_EQ(status.body.find("alice/secret"), std::string::npos) << status.body;
}

TEST_F(MirrorAccessTest, ListsRepositoriesAndChangesPageByPage) {
  start();
  fill();
  execute(
      "insert into github.user_repository (user_id, repository_id, can_pull, "
      "last_replicated_via_api_at) select github_id, r.id, true, now() from account, "
      "github.repository r where username = 'alice'");
  auto page = json_of(get("/v1/mirror/repositories?limit=1", "alice"));
  EXPECT_EQ(page["repositories"][0]["full_name"], "alice/notes");
  EXPECT_EQ(page["repositories"][0]["private"], false);
  page = json_of(
      get("/v1/mirror/repositories?limit=1&cursor=" + page["cursor"].get<std::string>(), "alice"));
  EXPECT_EQ(page["repositories"][0]["full_name"], "alice/secret");
  page = json_of(get("/v1/mirror/repositories?cursor=alice/secret", "alice"));
  EXPECT_EQ(page["repositories"].size(), 0U);
  EXPECT_TRUE(page["cursor"].is_null());
  for (const char* target : {"/v1/mirror/repositories?limit=0", "/v1/mirror/repositories?limit=x",
                             "/v1/mirror/changes?wait=31", "/v1/mirror/changes?cursor=x"})
    EXPECT_EQ(get(target, "alice").status, 400) << target;
  EXPECT_EQ(get("/v1/mirror/changes?cursor=0123456789ab:1:1", "alice").status, 409);
  const auto first = json_of(get("/v1/mirror/changes?limit=2", "alice"));
  EXPECT_EQ(first["changes"].size(), 2U);
  EXPECT_EQ(first["cursor"], first["changes"][1]["cursor"]);
}

TEST_F(MirrorAccessTest, WaitsForTheNextChange) {
  start();
  fill();
  const auto cursor =
      json_of(get("/v1/mirror/changes?cursor=now", "ghp_bob"))["cursor"].get<std::string>();
  testing::RawConnection client(address_);
  client.send(testing::request_bytes("GET", "/v1/mirror/changes?wait=30&cursor=" + cursor,
                                     {{"Authorization", "Bearer ghp_bob"}}, ""));
  execute("update github.repository set description = 'of a stranger' where private");
  execute("update github.repository set description = 'new' where not private");
  const auto answer = client.answer();
  ASSERT_EQ(answer.status, 200);
  const auto changes = json_of(answer)["changes"];
  ASSERT_EQ(changes.size(), 1U) << answer.body;
  EXPECT_EQ(changes[0]["repository"], "alice/notes");
  EXPECT_EQ(changes[0]["columns"], Document::array({"description"}));
}

}  // namespace mirror_access_test
}  // namespace devy::daemon
