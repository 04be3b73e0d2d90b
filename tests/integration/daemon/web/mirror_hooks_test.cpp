// What is done at GitHub in a user's name: his webhooks, switched by the API, and his own list of
// repositories. His token is nowhere in clear, and gone when it is done.
#include "core/platform/base/random.hpp"
#include "core/platform/token/sealing.hpp"
#include "tests/integration/daemon/web/mirror_routes_fixture.hpp"
#include "tests/support/postgres/postgres.hpp"

namespace devy::daemon {
namespace mirror_hooks_test {

constexpr const char* hook_path = "/v1/mirror/repositories/alice/notes/hook";

class MirrorHook : public MirrorRoutes {
 protected:
  MirrorHook() {
    config_.mirror.token_key_file = folder_ / "mirror.key";
    token::make_key_file(config_.mirror.token_key_file, base::system_random());
    config_.mirror.hook_url = "https://devy.example/v1/webhooks";
    config_.webhook.secrets = {"first " +
                               secret_file("webhook", "a secret with which webhooks are signed")};
  }

  // The answer of a request that waits for an operation, which runs meanwhile.
  [[nodiscard]] testing::RawAnswer ask_and_run(const std::string& method, const std::string& target,
                                               const std::string& who, const std::string& body = {},
                                               testing::RawHeaders headers = {}) const {
    const auto before = value("select count(*) from operation");
    headers.emplace_back("Authorization", "Bearer " + who);
    testing::RawConnection client(address_);
    client.send(testing::request_bytes(method, target, headers, body));
    wait_for("select count(*) > " + before + " from operation");
    run_operations();
    return client.answer();
  }
  [[nodiscard]] Document hooks_at_github() const {
    const auto state = Document::parse(github_.state());
    auto hooks = Document::array();
    for (const auto& repository : state["repositories"])
      if (repository["full_name"] == "alice/notes")
        for (const auto& hook : repository["hooks"])
          if (hook.value("deleted_reason", Document()).is_null()) hooks.push_back(hook);
    return hooks;
  }
  [[nodiscard]] std::string dump() const {
    return database_.scalar(
        "select replace(string_agg(query_to_xml(format('select row_to_json(t)::text from devy.%I "
        "t', "
        "relname), false, true, '')::text, ''), chr(10), '') from pg_class where relnamespace = "
        "'devy'::regnamespace and relkind = 'r'");
  }
};

TEST_F(MirrorHook, IsSwitchedInTheNameOfWhoeverAdministers) {
  start();
  fill();
  const auto installed = ask_and_run("PUT", hook_path, "ghp_alice_hooks");
  ASSERT_EQ(installed.status, 200) << installed.body;
  EXPECT_EQ(json_of(installed)["message"], "success");
  ASSERT_EQ(hooks_at_github().size(), 1U);
  EXPECT_EQ(json_of(installed)["ids"][0], hooks_at_github()[0]["id"]);
  EXPECT_EQ(value("select concat_ws('|', kind, source, requested_by, state) from operation where "
                  "kind = 'mirror_hook'"),
            "mirror_hook|api|github:alice|completed");
  EXPECT_EQ(value("select concat_ws('|', actor, act, target) from audit"),
            "github:alice|hook.install|alice/notes");
  EXPECT_EQ(value("select is_ours from github.repository_hook"), "t");
  const auto removed = ask_and_run("DELETE", hook_path, "ghp_alice_hooks");
  ASSERT_EQ(removed.status, 200) << removed.body;
  EXPECT_EQ(json_of(removed)["message"], "deleted");
  EXPECT_EQ(json_of(removed)["ids"], json_of(installed)["ids"]);
  EXPECT_EQ(hooks_at_github().size(), 0U);
  const auto again = ask_and_run("DELETE", hook_path, "ghp_alice_hooks");
  EXPECT_EQ(json_of(again)["message"], "no hooks deleted");
  EXPECT_EQ(json_of(again)["ids"], Document::array());
}

TEST_F(MirrorHook, IsSwitchedByTheOriginalsRoutes) {
  start();
  fill();
  const testing::RawHeaders form{{"Content-Type", "application/x-www-form-urlencoded"}};
  const auto installed =
      ask_and_run("POST", "/install", "ghp_alice_hooks", "owner=alice&repo=notes", form);
  EXPECT_EQ(installed.status, 200) << installed.body;
  EXPECT_EQ(json_of(installed)["message"], "success");
  const auto removed =
      ask_and_run("POST", "/uninstall", "ghp_alice_hooks", "owner=alice&repo=notes", form);
  EXPECT_EQ(json_of(removed)["message"], "deleted") << removed.body;
  for (const char* body : {"", "owner=alice", "owner=alice&repo=", "owner=a%2Fb&repo=c/d"})
    EXPECT_EQ(ask("POST", "/install", "ghp_alice_hooks", body, form).status, 400) << body;
  const auto stranger = ask("POST", "/install", "ghp_bob", "owner=alice&repo=notes", form);
  EXPECT_EQ(stranger.status, 404);
  EXPECT_EQ(stranger.body,
            ask("POST", "/install", "ghp_bob", "owner=alice&repo=nothing", form).body);
  EXPECT_EQ(ask("POST", "/install", "", "owner=alice&repo=notes", form).status, 401);
}

TEST_F(MirrorHook, SaysWhatGithubRefused) {
  start();
  fill();
  EXPECT_EQ(ask("PUT", hook_path, "ghp_alice_gists").status, 404) << "it has not the scope";
  github_.control(R"({"do": "faults", "rules": [{"path": "/hooks$", "method": "POST",
                      "status": 403, "message": "Resource not accessible by integration"}]})");
  const auto refused = ask_and_run("PUT", hook_path, "ghp_alice_hooks");
  EXPECT_EQ(refused.status, 503) << refused.body;
  EXPECT_TRUE(json_of(refused).contains("error")) << refused.body;
  EXPECT_TRUE(refused.has("Retry-After: "));
  EXPECT_EQ(hooks_at_github().size(), 0U);
}

TEST_F(MirrorHook, IsRefusedInWordsWithoutTheUsersToken) {
  start();
  fill();
  for (const char* who : {"alice", "bob"}) {
    const auto answer = ask("PUT", hook_path, who);
    EXPECT_EQ(answer.status, 403) << who;
    EXPECT_NE(answer.body.find("admin:repo_hook"), std::string::npos) << answer.body;
  }
  for (const char* method : {"PUT", "DELETE"}) {
    const auto stranger = ask(method, hook_path, "ghp_bob");
    EXPECT_EQ(stranger.status, 404);
    EXPECT_EQ(stranger.body,
              ask(method, "/v1/mirror/repositories/alice/secret/hook", "ghp_bob").body);
  }
  EXPECT_EQ(ask("PUT", hook_path, "").status, 401);
  EXPECT_EQ(value("select count(*) from operation where kind = 'mirror_hook'"), "0");
}

TEST_F(MirrorHook, IsRefusedInWordsWhereNoTokenIsKept) {
  config_.mirror.token_key_file.clear();
  start();
  fill();
  const auto answer = ask("PUT", hook_path, "ghp_alice_hooks");
  EXPECT_EQ(answer.status, 403);
  EXPECT_NE(answer.body.find("mirror.token_key_file"), std::string::npos) << answer.body;
}

TEST_F(MirrorHook, KeepsTheTokenSealedAndOnlyUntilTheEnd) {
  start();
  fill();
  testing::RawConnection client(address_);
  client.send(
      testing::request_bytes("PUT", hook_path, {{"Authorization", "Bearer ghp_alice_hooks"}}, ""));
  wait_for("select count(*) = 1 from operation where kind = 'mirror_hook'");
  EXPECT_EQ(
      value("select actor_token is not null from mirror_operation where hook_act = 'install'"),
      "t");
  EXPECT_EQ(dump().find("ghp_alice"), std::string::npos);
  const auto id = value("select id from operation where kind = 'mirror_hook'");
  // Another act of the same user gives it another end.
  testing::RawConnection other(address_);
  other.send(testing::request_bytes("DELETE", hook_path,
                                    {{"Authorization", "Bearer ghp_alice_hooks"}}, ""));
  wait_for("select state = 'cancelled' from operation where id = '" + id + "'");
  EXPECT_EQ(
      value("select actor_token is null from mirror_operation where operation_id = '" + id + "'"),
      "t");
  EXPECT_EQ(client.answer().status, 503);
  run_operations();
  EXPECT_EQ(other.answer().status, 200);
  EXPECT_EQ(value("select count(*) from mirror_operation where actor_token is not null"), "0");
  EXPECT_EQ(dump().find("ghp_alice"), std::string::npos);
  // Without it, a replay asks nobody.
  execute("select operation_replay('" + id + "', false, true, 12, 'x', 'x')");
  run_operations();
  EXPECT_EQ(
      value("select concat_ws('|', state, error_code) from operation where id = '" + id + "'"),
      "failed|actor_token_gone");
  EXPECT_EQ(hooks_at_github().size(), 0U);
}

TEST_F(MirrorHook, ShowsItsStateToAdministratorsAlone) {
  start();
  fill();
  static_cast<void>(ask_and_run("PUT", hook_path, "ghp_alice_hooks"));
  execute(
      "insert into github.user_repository (user_id, repository_id, can_pull, can_admin, "
      "last_replicated_via_api_at) select github_id, r.id, true, username = 'alice', now() from "
      "account, github.repository r where full_name = 'alice/notes' and github_id is not null");
  auto repository = json_of(get("/v1/mirror/repositories", "alice"))["repositories"][0];
  EXPECT_EQ(repository["hook"]["state"], "on");
  EXPECT_EQ(repository["hook"]["id"], hooks_at_github()[0]["id"]);
  EXPECT_TRUE(repository["hook"]["last_ping_at"].is_null());
  EXPECT_EQ(repository["rows"]["issues"], 5);
  EXPECT_EQ(repository["rows"]["pulls"], 2);
  EXPECT_EQ(repository["rows"]["hooks"], 1);
  EXPECT_TRUE(repository["unsettled"].is_number());
  execute("update github.repository_hook set created_at = now() - interval '2 minutes'");
  const auto state = [&] {
    return json_of(get("/v1/mirror/repositories", "alice"))["repositories"][0]["hook"]["state"];
  };
  EXPECT_EQ(state(), "unconfirmed");
  // A ping that a secret for all has signed: GitHub was asked about the hook.
  execute(
      "select mirror_record(gen_random_uuid(), 'mirror_fetch', 'event/alice/notes/hooks/' || id, "
      "'mirror/alice', 'alice/notes/hooks/' || id, repository_id, 'webhook', 110::smallint) from "
      "github.repository_hook");
  EXPECT_EQ(state(), "on");
  execute("delete from operation where kind = 'mirror_fetch' and source = 'webhook'");
  EXPECT_EQ(state(), "unconfirmed");
  execute("update github.repository_hook set last_replicated_via_webhook_at = now()");
  EXPECT_EQ(state(), "on");
  execute("update github.repository_hook set active = false");
  EXPECT_EQ(state(), "lost");
  repository = json_of(get("/v1/mirror/repositories", "bob"))["repositories"][0];
  EXPECT_TRUE(repository["hook"].is_null());
  EXPECT_FALSE(repository["rows"].contains("hooks"));
  EXPECT_EQ(repository["rows"]["issues"], 5);
}

TEST_F(MirrorHook, LoadsTheCallersOwnRepositoriesWithHisRights) {
  start();
  const auto answer = post("/load/user/repos?type=all", "ghp_alice");
  const auto load = id_of(answer);
  EXPECT_EQ(dump().find("ghp_alice"), std::string::npos);
  run_operations();
  EXPECT_EQ(json_of(get("/tasks/status/" + load, "ghp_alice"))["status"], "SUCCESS")
      << get("/tasks/status/" + load, "ghp_alice").body;
  EXPECT_EQ(get("/tasks/status/" + load, "ghp_bob").status, 404) << "another one's list";
  EXPECT_EQ(value("select string_agg(full_name, ' ' order by full_name) from github.repository"),
            "alice/notes alice/secret");
  EXPECT_EQ(value("select bool_and(can_admin and checked_at is not null) from "
                  "github.user_repository"),
            "t");
  EXPECT_EQ(value("select count(*) from mirror_operation where actor_token is not null"), "0");
  EXPECT_EQ(post("/load/user/repos?type=owner", "ghp_alice").status, 400);
  const auto site = post("/load/user/repos", "alice");
  EXPECT_EQ(site.status, 403);
  EXPECT_NE(site.body.find("GitHub"), std::string::npos);
}

}  // namespace mirror_hooks_test
}  // namespace devy::daemon
