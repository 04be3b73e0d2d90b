// The mirror in the browser: a user's own repositories from GitHub to tables, his webhooks switched
// with his own right, and pages as Chromium shows them. DEVY_SCREENSHOTS=<folder> keeps pictures.

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "tests/e2e/web/github_console_fixture.hpp"
#include "tests/support/look_again.hpp"
#include "tests/support/process/peer.hpp"
#include "tests/support/time_factor.hpp"

namespace devy::testing {
namespace mirror_pages_test {

class MirrorPage : public GithubConsoleFixture {
 protected:
  MirrorPage() {
    static_cast<void>(github_.control(R"([
      {"do":"fill","repository":"Ada/notes","issues":12,"pulls":3,"labels":4,"milestones":2,"seed":1},
      {"do":"fill","repository":"Ada/letters","issues":2,"labels":1,"seed":2},
      {"do":"fill","repository":"mallory/garden","issues":3,"labels":1,"seed":3},
      {"do":"collaborator","repository":"mallory/garden","user":"Ada","role":"admin"},
      {"do":"token","token":"ghp_mirror","user":"Ada","scopes":["repo"]}])"));
    static_cast<void>(write_private("mirror-token", "ghp_mirror"));
    static_cast<void>(run_command({"config", "key", folder_ / "mirror.key"}));
    configure_github(
        "key_file = \"" + (folder_ / "web.key") + "\"\n",
        "token_file = \"" + (folder_ / "mirror-token") + "\"\ntoken_for = [\"Ada\", \"mallory\"]\n",
        "enabled = true\ntoken_key_file = \"" + (folder_ / "mirror.key") + "\"\n");
  }

  void wait_for(const std::string& condition) const {
    const auto until = std::chrono::steady_clock::now() + time_factor * std::chrono::seconds(60);
    for (; database_.scalar(condition) != "t"; pause_before_looking_again())
      if (std::chrono::steady_clock::now() > until)
        throw std::runtime_error(
            "not yet: " + condition + "\n" +
            database_.scalar("select string_agg(concat_ws(' ', kind, state, error_text), '; ') "
                             "from operation where kind like 'mirror%'") +
            database_.scalar(
                "select string_agg(concat_ws(' ', event, verdict, verdict_reason), '; ') from "
                "delivery"));
  }
  // A session of Ada, an operator here, with the right to install webhooks.
  [[nodiscard]] Browser ada() const {
    auto browser = log_in_by_github();
    gain_hooks(browser);
    return browser;
  }
  // The token that GitHub was asked with at that path.
  [[nodiscard]] std::string token_of_request(const std::string& path) const {
    for (const auto& request : nlohmann::json::parse(github_.requests()))
      if (request["path"].get<std::string>().starts_with(path))
        return request["token"].get<std::string>();
    return {};
  }
  // Her repositories are known, as GitHub lists them for her.
  void sync(const Browser& browser) const {
    EXPECT_EQ(location_of(post("/mirror", browser, "/mirror", "act=repositories")),
              "/mirror?done=repositories");
    wait_for("select count(*) = 3 from github.user_repository where can_admin");
  }
  void load(const Browser& browser, const std::string& repository) const {
    EXPECT_EQ(location_of(post("/mirror", browser, "/mirror", "load=" + repository)),
              "/mirror?done=load");
    wait_for("select count(*) = 1 from github.repository where full_name = '" + repository +
             "' and num_nulls(issues_last_scanned_at, labels_last_scanned_at, "
             "milestones_last_scanned_at, pull_requests_last_scanned_at) = 0");
    wait_for(
        "select count(*) = 0 from operation where kind like 'mirror%' and finished_at is "
        "null");
  }
  // What is wrong with the pages, a line each.
  [[nodiscard]] std::vector<std::string> visit(const std::vector<std::string>& paths,
                                               const std::string& username) const {
    std::string list;
    int number = 0;
    for (const auto& path : paths)
      list += (list.empty() ? "[" : ",") + ("{\"name\":\"mirror-" + username + "-") +
              std::to_string(++number) + R"(","path":")" + path + R"(","status":200})";
    const auto file = folder_ / (username + "-pages.json");
    write_text(file, list + "]");
    const char* kept = std::getenv("DEVY_SCREENSHOTS");
    const std::string screenshots = kept != nullptr ? kept : folder_ / "screenshots";
    auto lines =
        run_peer("visit_pages.mjs", {url(), file, screenshots, url() + login_path(username)});
    if (lines.empty()) return {"nothing was visited"};
    if (lines.back().starts_with("visited ")) lines.pop_back();
    return lines;
  }
};

TEST_F(MirrorPage, LeadsAUserFromGithubToTablesAndHooks) {
  auto browser = log_in_by_github();
  EXPECT_NE(get("/mirror", browser).body.find("No repository that you administer"),
            std::string::npos);
  // GitHub has to allow that first; a form cannot lead there.
  EXPECT_EQ(location_of(post("/mirror", browser, "/mirror", "act=repositories")),
            "/mirror?needs=token");
  EXPECT_NE(get("/mirror?needs=token", browser).body.find("/login/github?for=hooks"),
            std::string::npos);
  gain_hooks(browser);
  sync(browser);
  auto page = get("/mirror", browser).body;
  EXPECT_NE(page.find("Ada/notes"), std::string::npos) << page;
  EXPECT_NE(page.find("not loaded"), std::string::npos);
  EXPECT_LT(page.find("Ada/notes"), page.find("mallory/garden")) << "one's own come first";
  load(browser, "Ada/notes");
  page = get("/mirror/Ada/notes", browser).body;
  EXPECT_NE(page.find("Enable"), std::string::npos) << page;
  EXPECT_NE(page.find("completed"), std::string::npos);
  EXPECT_EQ(location_of(post("/mirror", browser, "/mirror", "on=Ada/notes")), "/mirror?done=on");
  wait_for("select count(*) = 1 from github.repository_hook where is_ours and active");
  wait_for("select state = 'completed' from operation where kind = 'mirror_hook'");
  EXPECT_NE(get("/mirror/Ada/notes", browser).body.find("Disable"), std::string::npos);
  EXPECT_EQ(database_.scalar("select is_mirrored from github.repository where full_name = "
                             "'Ada/notes'"),
            "t");
  EXPECT_EQ(location_of(post("/mirror", browser, "/mirror/Ada/notes", "hooks=Ada/notes")),
            "/mirror?done=hooks");
  EXPECT_EQ(location_of(post("/mirror", browser, "/mirror", "off=Ada/notes")), "/mirror?done=off");
  wait_for("select count(*) = 2 from operation where kind = 'mirror_hook' and state = 'completed'");
  EXPECT_EQ(database_.scalar("select string_agg(act, ' ' order by id) from audit where act like "
                             "'mirror.%' or act like 'hook.%'"),
            "mirror.repositories mirror.load hook.install mirror.load_hooks hook.uninstall");
  EXPECT_EQ(database_.scalar("select count(*) from mirror_operation where actor_token is not null"),
            "0");
  const auto token = token_of_request("/user/repos");
  ASSERT_FALSE(token.empty()) << github_.requests();
  EXPECT_EQ(daemon().said().find(token), std::string::npos);
  EXPECT_EQ(database_.scalar("select count(*) from pg_class where relnamespace = "
                             "'devy'::regnamespace and relkind = 'r' and query_to_xml(format("
                             "'select row_to_json(t)::text from devy.%I t', relname), false, true, "
                             "'')::text like '%" +
                             token + "%'"),
            "0");
}

TEST_F(MirrorPage, InstallsByTheOriginalsFormsWithASession) {
  const auto browser = ada();
  sync(browser);
  load(browser, "Ada/notes");
  const auto installed = post("/install", browser, "/install", "owner=Ada&repo=notes");
  EXPECT_EQ(installed.status, 200) << installed.body;
  EXPECT_NE(installed.body.find("\"success\""), std::string::npos) << installed.body;
  const auto removed = post("/uninstall", browser, "/uninstall", "owner=Ada&repo=notes");
  EXPECT_NE(removed.body.find("\"deleted\""), std::string::npos) << removed.body;
  EXPECT_EQ(post_bare("/install", browser, "owner=Ada&repo=notes").status, 403)
      << "another site's page";
  const auto without_right = log_in("user1");
  EXPECT_EQ(get("/install", without_right).body.find("<input id=\"owner\""), std::string::npos);
}

TEST_F(MirrorPage, ShowsAStrangerNothingOfOthers) {
  const auto browser = ada();
  sync(browser);
  const auto stranger = log_in("user1");
  EXPECT_EQ(get("/mirror", stranger).body.find("Ada/notes"), std::string::npos);
  const auto nothing = get("/mirror/Ada/nothing", stranger);
  EXPECT_EQ(nothing.status, 404);
  EXPECT_EQ(get("/mirror/Ada/notes", stranger).status, 404);
  EXPECT_EQ(get("/mirror/Ada/notes/load", stranger).status, 404);
  for (const char* form : {"load=Ada/notes", "hooks=Ada/notes", "on=Ada/notes", "off=Ada/notes"})
    EXPECT_EQ(post("/mirror", stranger, "/account", form).status, 404) << form;
  EXPECT_EQ(post("/mirror/Ada/notes/load", stranger, "/account", "act=stop").status, 404);
  EXPECT_EQ(post("/mirror", stranger, "/account", "act=nothing").status, 400);
  // What GitHub said too long ago does not count any more.
  static_cast<void>(
      database_.execute("update account set is_operator = false; update "
                        "github.user_repository set last_replicated_via_api_at = now() - interval "
                        "'2 hours'"));
  EXPECT_EQ(get("/mirror/Ada/notes", browser).status, 404);
  EXPECT_NE(get("/mirror", browser).body.find("confirmed too long ago"), std::string::npos);
}

TEST_F(MirrorPage, StopsALoadThatWaits) {
  const auto browser = ada();
  sync(browser);
  static_cast<void>(run_command({"queue", "pause", "--reason", "a test"}));
  EXPECT_EQ(post("/mirror", browser, "/mirror", "load=Ada/notes").status, 303);
  const auto part = get("/mirror/Ada/notes/load", browser, {{"HX-Request", "true"}}).body;
  EXPECT_NE(part.find("Loading Ada/notes"), std::string::npos) << part;
  EXPECT_NE(part.find("every 2s"), std::string::npos);
  EXPECT_EQ(location_of(post("/mirror/Ada/notes/load", browser, "/mirror", "act=stop")),
            "/mirror/Ada/notes?done=stopped");
  wait_for("select count(*) = 0 from operation where kind like 'mirror%' and finished_at is null");
  const auto over = get("/mirror/Ada/notes/load", browser, {{"HX-Request", "true"}}).body;
  EXPECT_NE(over.find("was loaded"), std::string::npos) << over;
  EXPECT_EQ(over.find("hx-get"), std::string::npos) << "it asks no more";
}

TEST_F(MirrorPage, IsShownInEachStateWithoutFault) {
  const auto browser = ada();
  sync(browser);
  load(browser, "Ada/notes");
  load(browser, "mallory/garden");
  static_cast<void>(run_command({"queue", "pause", "--reason", "a test"}));
  EXPECT_EQ(post("/mirror", browser, "/mirror", "load=Ada/notes").status, 303);
  database_.execute(
      "insert into github.repository_hook (id, repository_id, active, is_ours, created_at) select "
      "9, id, full_name <> 'mallory/garden', true, now() - interval '6 minutes' from "
      "github.repository where full_name = 'mallory/garden'; insert into github.repository_hook "
      "(id, repository_id, active, is_ours, created_at) select 10, id, true, true, now() - "
      "interval '6 minutes' from github.repository where full_name = 'Ada/letters'; update account "
      "set github_id = null where github_id = 7; update account set github_id = 7 where username = "
      "'user1'");
  EXPECT_EQ(visit({"/mirror", "/mirror/mallory/garden", "/mirror/Ada/notes", "/install"}, "user1"),
            std::vector<std::string>{});
  EXPECT_EQ(visit({"/mirror", "/mirror?needs=token", "/uninstall"}, "ada"),
            std::vector<std::string>{});
}

}  // namespace mirror_pages_test
}  // namespace devy::testing
