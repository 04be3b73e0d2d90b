// The pages of projects and tasks: a project connected with a repository of the stand-in, tasks
// that become issues and issues that are tasks, what lost, and pages as Chromium shows them.
// DEVY_SCREENSHOTS=<folder> keeps pictures.

#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "tests/e2e/web/console_fixture.hpp"
#include "tests/support/github/github_state.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/time_factor.hpp"
#include "tests/support/web/browser.hpp"

namespace devy::testing {
namespace sync_pages_test {

// It is there before the daemon, whose configuration names it.
struct GithubWithIssues {
  GithubWithIssues() {
    static_cast<void>(github_.control(R"json([
      {"do":"create_user","login":"alice"}, {"do":"limit","limit":100000},
      {"do":"create_repository","owner":"alice","name":"notes"},
      {"do":"create_label","repository":"alice/notes","name":"bug"},
      {"do":"create_issue","repository":"alice/notes","title":"The roof leaks","body":"Here.","labels":["bug"]},
      {"do":"create_comment","repository":"alice/notes","number":1,"body":"Since when?"},
      {"do":"token","token":"ghp_sync","user":"alice","scopes":["repo"]}])json"));
    for (const auto& [name, text] : std::vector<std::pair<std::string, std::string>>{
             {"token", "ghp_sync\n"},
             {"marker.key", "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=\n"}}) {
      write_text(keys_ / name, text);
      ::chmod((keys_ / name).c_str(), 0600);
    }
  }
  [[nodiscard]] std::string sections() const {
    return "[github]\napi_url = \"" + github_.url() + "\"\ntoken_file = \"" + (keys_ / "token") +
           "\"\ntoken_for = [\"alice\"]\n[mirror]\nenabled = true\ncomments = true\n[sync]\n"
           "enabled = true\nwrite_gap = \"0s\"\nmarker_key_file = \"" +
           (keys_ / "marker.key") + "\"\n";
  }
  GithubState github_;
  TempFolder keys_;
};

class SyncPages : protected GithubWithIssues, public ConsoleFixture {
 protected:
  SyncPages() : ConsoleFixture(sections()) {
    static_cast<void>(run_command({"project", "add", "user1/plans", "--title", "Plans"}));
    static_cast<void>(
        run_command({"project", "connect", "user1/plans", "alice/notes", "--here", "--wait=60s"}));
    wait_for("select state = 'synced' from project_repository");
  }
  void wait_for(const std::string& condition) const {
    const auto until = std::chrono::steady_clock::now() + time_factor * std::chrono::seconds(60);
    while (database_.scalar(condition) != "t")
      if (std::chrono::steady_clock::now() > until)
        throw std::runtime_error(
            "not yet: " + condition + "\n" +
            database_.scalar(
                "select string_agg(concat_ws(' ', kind, direction, state, error_text), "
                "'; ') from operation where kind like '%sync'"));
  }
  [[nodiscard]] std::string after(const std::string& path, const Browser& browser,
                                  const std::string& page, const std::string& form) const {
    const auto answer = post(path, browser, page, form);
    EXPECT_EQ(answer.status, 303) << answer.body;
    return location_of(answer);
  }
  [[nodiscard]] std::string task(int number) const {
    return database_.scalar("select id from task where number = " + std::to_string(number));
  }
};

bool is_in(const std::string& page, const std::string& text) {
  return page.find(text) != std::string::npos;
}

TEST_F(SyncPages, ShowsTasksAndTellsGithubWhatIsDone) {
  const auto owner = log_in("user1"), stranger = log_in("user2");
  const auto project = get("/projects/user1/plans", owner).body;
  EXPECT_TRUE(is_in(project, "T-1 The roof leaks") && is_in(project, "synced")) << project;
  EXPECT_TRUE(is_in(project, "alice/notes") && is_in(project, "Disconnect"));
  EXPECT_FALSE(is_in(get("/projects/user1/plans", stranger).body, "Disconnect"))
      << "an admin's alone";
  const auto first = "/tasks/" + task(1);
  EXPECT_TRUE(is_in(get(first, stranger).body, "Since when?"));
  EXPECT_EQ(post(first, stranger, "/projects", "act=close").status, 403);

  // A task that is added becomes an issue; a comment and an edit follow.
  const auto added = after("/projects/user1/plans", owner, "/projects/user1/plans",
                           "act=task&title=Paint+the+door&body=Blue.&labels=bug");
  const auto second = added.substr(0, added.find('?'));
  wait_for("select github_key = 2 from sync_link where id = '" + task(2) + "'");
  EXPECT_EQ(after(second, owner, second, "act=comment&body=Done."), second + "?done=comment");
  wait_for("select count(*) = 2 from sync_link where kind = 'comment' and github_key is not null");
  EXPECT_EQ(after(second, owner, second, "act=close"), second + "?done=close");
  wait_for("select base->>'state' = 'closed' from sync_link where id = '" + task(2) + "'");
  EXPECT_TRUE(is_in(get(second, owner).body, "#2 at GitHub"));

  // What was typed stays where another was faster.
  const auto late =
      post(second, owner, second,
           "act=edit&version=1&title=Mine&body=My+words&labels=&milestone=&list=doing");
  EXPECT_EQ(late.status, 422);
  EXPECT_TRUE(is_in(late.body, "My words") && is_in(late.body, "Not done")) << late.body;

  // Both sides change the title: one loses, and comes back by "use mine".
  static_cast<void>(run_command({"queue", "pause", "--reason", "a test"}));
  EXPECT_EQ(
      after(first, owner, first, "act=edit&title=Ours&body=Here.&labels=bug&milestone=&list=inbox"),
      first + "?done=edit");
  static_cast<void>(github_.control(
      R"([{"do":"edit_issue","repository":"alice/notes","number":1,"title":"Theirs"}])"));
  EXPECT_TRUE(is_in(get(first, owner, {{"HX-Request", "true"}}).body, "hx-get"));
  static_cast<void>(run_command({"queue", "resume"}));
  wait_for("select count(*) = 1 from record_version where is_lost");
  wait_for("select state = 'conflict' from record_sync where record_id = '" + task(1) + "'");
  const auto lost = get(first, owner).body;
  EXPECT_TRUE(is_in(lost, "Use mine") && is_in(lost, ">Ours</td>")) << lost;
  EXPECT_FALSE(is_in(get(first, stranger).body, "Use mine"));
  const auto version = database_.scalar("select version from record_version where is_lost");
  EXPECT_EQ(after(first, owner, first, "act=restore&number=" + version), first + "?done=restore");
  wait_for("select base->>'title' = 'Ours' from sync_link where id = '" + task(1) + "'");

  // The operation shows both sides, and what GitHub was asked.
  const auto operation = database_.scalar(
      "select operation_id from sync_operation s join operation o on o.id = s.operation_id where "
      "outcome = 'sent' and link_id = '" +
      task(1) + "' order by o.arrival desc limit 1");
  const auto shown = get("/operations/" + operation, log_in("ada")).body;
  EXPECT_TRUE(is_in(shown, "Both sides now") && is_in(shown, "PATCH /repos/alice/notes/issues/1"))
      << shown;
}

TEST_F(SyncPages, HidesPrivateProjectsAndShowsPagesWell) {
  const auto owner = log_in("user1"), stranger = log_in("user2");
  EXPECT_EQ(after("/projects", owner, "/projects", "slug=own&title=Own&private=yes"),
            "/projects/user1/own?done=made");
  EXPECT_EQ(get("/projects/user1/own", stranger).status, 404);
  EXPECT_FALSE(is_in(get("/projects", stranger).body, "user1/own"));
  EXPECT_EQ(post("/projects", owner, "/projects", "slug=No+Slug").status, 422);
  EXPECT_EQ(after("/projects/user1/own", owner, "/projects/user1/own", "act=member&user=user2"),
            "/projects/user1/own?done=member");
  EXPECT_EQ(get("/projects/user1/own", stranger).status, 200);
  EXPECT_EQ(
      post("/projects/user1/own", stranger, "/projects/user1/own", "act=remove&user=user2").status,
      403);
  EXPECT_EQ(post("/projects/user1/own", owner, "/projects/user1/own",
                 "act=connect&repository=alice/none&export=none")
                .status,
            422);
  EXPECT_EQ(
      after("/projects/user1/plans", owner, "/projects/user1/plans",
            "act=disconnect&connection=" + database_.scalar("select id from project_repository")),
      "/projects/user1/plans?done=disconnect");
  EXPECT_EQ(get("/installations", owner).status, 200);
  database_.execute(
      "insert into installation (id, github_account_id, login, account_type, permissions) values "
      "(7, 11, 'alice', 'User', '{\"issues\": \"read\"}')");
  EXPECT_FALSE(is_in(get("/installations", stranger).body, "alice"));
  EXPECT_EQ(faults_of_pages(url(),
                            {{"/projects", "projects"},
                             {"/projects/user1/plans", "project"},
                             {"/tasks/" + task(1), "task"}},
                            url() + login_path("user1")),
            std::vector<std::string>{});
  EXPECT_EQ(
      faults_of_pages(url(), {{"/installations", "installations"}}, url() + login_path("ada")),
      std::vector<std::string>{});
}

}  // namespace sync_pages_test
}  // namespace devy::testing
