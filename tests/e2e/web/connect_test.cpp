// A user connects a repository of his own in the browser, pushes to it, and disconnects it. GitHub
// is the stand-in, which checks the login, keeps the webhook and signs deliveries with its secret;
// git and the browser are real.

#include <cstdlib>

#include "tests/e2e/web/github_console_fixture.hpp"
#include "tests/support/github/rsa_key.hpp"
#include "tests/support/look_again.hpp"
#include "tests/support/process/peer.hpp"
#include "tests/support/time_factor.hpp"

namespace devy::testing {
namespace connect_test {

class Connecting : public GithubConsoleFixture {
 protected:
  // A repository at the git server, which GitHub says is ada's, with one post.
  Connecting() {
    make_bare_repository(folder_ / "repositories/Ada/Notes.git");
    author_.write_file("first.md", "# The first\n\nA post.\n");
    push("Write the first post");
    make_repository("Ada", "Notes", "");
  }
  void make_repository(const std::string& owner, const std::string& name,
                       const std::string& more) const {
    static_cast<void>(github_.control(
        R"({"do":"create_repository","owner":")" + owner + R"(","name":")" + name +
        R"(","clone_url":")" + server_->url(owner + "/" + name + ".git") + "\"" + more + "}"));
  }
  std::string push(const std::string& message) {
    auto commit = author_.commit(message);
    author_.push(folder_ / "repositories/Ada/Notes.git");
    return commit;
  }
  // Until the condition holds; the daemon does it meanwhile.
  void wait_for(const std::string& condition) const {
    const auto until = std::chrono::steady_clock::now() + time_factor * std::chrono::seconds(60);
    for (; database_.scalar("select " + condition) != "t"; pause_before_looking_again())
      if (std::chrono::steady_clock::now() > until)
        throw std::runtime_error("not yet: " + condition);
  }
  void wait_until_quiet() const {
    wait_for("not exists (select from operation where finished_at is null)");
  }
  // How many hooks of ours the repository has at GitHub.
  [[nodiscard]] int hooks() const {
    static_cast<void>(github_.control(
        R"({"do":"token","token":"ghp_owner","user":"Ada","scopes":["repo","admin:repo_hook"]})"));
    const auto listed =
        send_request(github_.url().substr(std::string("http://").size()), "GET",
                     "/repos/Ada/Notes/hooks", {{"Authorization", "Bearer ghp_owner"}});
    EXPECT_EQ(listed.status, 200) << listed.body;
    int count = 0;
    for (auto at = listed.body.find(hook_url()); at != std::string::npos;
         at = listed.body.find(hook_url(), at + 1))
      ++count;
    return count;
  }
  // The page that says these words of what was typed.
  std::string refusal(const Browser& browser, const std::string& form,
                      const std::string& words) const {
    const auto answer = post("/blogs/connect", browser, "/blogs/connect", form);
    EXPECT_EQ(answer.status, 422) << answer.head;
    EXPECT_NE(answer.body.find(words), std::string::npos) << form << "\n" << answer.body;
    return answer.body;
  }
  [[nodiscard]] std::string api(const std::string& path) const {
    const auto answer = get("/v1/blogs/ada/notes" + path);
    return std::to_string(answer.status) + " " + location_of(answer);
  }

  GitRepository author_{folder_ / "authors/ada"};
};

TEST_F(Connecting, PublishesWhatIsPushedUntilItIsDisconnected) {
  const char* kept = std::getenv("DEVY_SCREENSHOTS");
  const std::string screenshots = kept != nullptr ? kept : folder_ / "screenshots";
  ASSERT_EQ(run_peer("connect_blog.mjs", {url(), "Ada/Notes", screenshots}),
            std::vector<std::string>{"connected " + url() + "/blogs/ada/notes"});
  // The id is GitHub's, whatever the name says.
  const auto github_id = database_.scalar(
      "select r.github_id from repository r join blog b on b.repository_id = r.id join account a "
      "on a.id = b.account_id where a.username = 'ada'");
  EXPECT_NE(github_.state().find("\"id\":" + github_id), std::string::npos);
  EXPECT_EQ(database_.scalar("select actor || ' ' || target || ' ' || host(address) from audit "
                             "where act = 'blog.connect' and target = 'ada/notes'"),
            "web:ada ada/notes 127.0.0.1");
  EXPECT_EQ(hooks(), 1);
  EXPECT_EQ(api("/posts/first"), "200 ");

  // A push by git, and GitHub tells of it, signed with the secret that the hook was given.
  author_.write_file("first.md", "---\nslug: renamed\n---\n# The first\n\nA post.\n");
  auto commit = push("Rename it");
  static_cast<void>(
      github_.control(R"({"do":"push","repository":"Ada/Notes","after":")" + commit + "\"}"));
  wait_for("exists (select from blog where slug = 'notes' and head_commit = '" + commit + "')");
  EXPECT_EQ(api("/posts/renamed"), "200 ");
  EXPECT_EQ(api("/posts/first"), "301 /v1/blogs/ada/notes/posts/renamed");

  auto ada = log_in_by_github();
  gain_hooks(ada);
  const std::string page = "/blogs/ada/notes/disconnect";
  EXPECT_EQ(post(page, ada, page, "reason=").status, 422);
  const auto gone = post(page, ada, page, "reason=done+with+it");
  EXPECT_EQ(gone.status, 303) << gone.body;
  EXPECT_EQ(api("/posts/renamed"), "410 ");
  EXPECT_EQ(database_.scalar("select reason from audit where act = 'blog.disconnect'"),
            "done with it");
  wait_until_quiet();
  EXPECT_EQ(hooks(), 0);
  // Again: the posts come back, and the address is the same.
  const auto again = post("/blogs/connect", ada, "/blogs/connect", "repository=Ada/Notes");
  EXPECT_EQ(location_of(again), "/blogs/ada/notes?done=connected") << again.body;
  wait_until_quiet();
  EXPECT_EQ(api("/posts/renamed"), "200 ");
  EXPECT_EQ(hooks(), 1);
  // Once more changes nothing, and mends the webhook.
  EXPECT_EQ(post("/blogs/connect", ada, "/blogs/connect", "repository=Ada/Notes").status, 303);
  wait_until_quiet();
  EXPECT_EQ(hooks(), 1);
  EXPECT_EQ(database_.scalar("select count(*) from blog where slug = 'notes'"), "1");
}

TEST_F(Connecting, SaysWhyItDoesNot) {
  make_repository("mallory", "theirs", "");
  make_repository("Ada", "secret", R"(,"private":true)");
  auto ada = log_in_by_github();
  // Before GitHub was asked there is no form, and nothing is done.
  const auto before = get("/blogs/connect", ada);
  EXPECT_NE(before.body.find("Allow it at GitHub"), std::string::npos);
  const auto early = post("/blogs/connect", ada, "/account", "repository=Ada/Notes");
  EXPECT_EQ(early.status, 422);
  EXPECT_NE(early.body.find("Allow it at GitHub"), std::string::npos);
  gain_hooks(ada);
  const auto says = [&](const std::string& form, const std::string& words) {
    return refusal(ada, form, words);
  };
  says("repository=notes", "Write it as owner/name");
  const auto typed =
      says("repository=mallory/theirs&slug=mine&branch=next", "You do not administer");
  EXPECT_NE(typed.find("value=\"mallory/theirs\""), std::string::npos);
  EXPECT_NE(typed.find("value=\"mine\""), std::string::npos);
  EXPECT_NE(typed.find("value=\"next\""), std::string::npos);
  says("repository=Ada/nothing", "GitHub shows you no such repository");
  // The token may not see it.
  says("repository=Ada/secret", "GitHub shows you no such repository");
  says("repository=Ada/Notes&branch=a..b", "That is no name of a branch.");
  says("repository=Ada/Notes&slug=No+Slug", "Lower-case letters");
  EXPECT_EQ(database_.scalar("select count(*) from blog where slug not in ('blog')"), "0");
  EXPECT_EQ(hooks(), 0);
}

TEST_F(Connecting, TakesOneRepositoryForOneBlog) {
  make_repository("Ada", "second", "");
  auto ada = log_in_by_github();
  gain_hooks(ada);
  const auto says = [&](const std::string& form, const std::string& words) {
    return refusal(ada, form, words);
  };
  EXPECT_EQ(post("/blogs/connect", ada, "/blogs/connect", "repository=Ada/Notes").status, 303);
  says("repository=Ada/second", "You have a blog already");
  database_.execute("update devy.account set is_supporter = true where username = 'ada'");
  says("repository=Ada/second&slug=notes", "You have a blog of that name already.");
  says("repository=Ada/Notes&slug=other", "It is connected to a blog already.");
  // Whose it is is not said.
  static_cast<void>(github_.control(
      R"({"do":"collaborator","repository":"Ada/Notes","user":"mallory","role":"admin"})"));
  static_cast<void>(run_command({"account", "add", "mallory"}));
  be_at_github("mallory");
  auto mallory = log_in_by_github();
  gain_hooks(mallory);
  const auto refused =
      refusal(mallory, "repository=Ada/Notes", "It is connected to a blog already.");
  EXPECT_EQ(refused.find("/blogs/ada"), std::string::npos) << refused;
  EXPECT_EQ(get("/blogs/ada/notes/disconnect", mallory).status, 404);
  EXPECT_EQ(post("/blogs/ada/notes/disconnect", mallory, "/account", "reason=x").status, 404);
  EXPECT_EQ(post_bare("/blogs/connect", mallory, "repository=Ada/second").status, 403);
  wait_until_quiet();
}

// The blog is connected all the same, and its page says what is missing.
TEST_F(Connecting, TellsWhyTheWebhookIsNotInstalled) {
  auto ada = log_in_by_github();
  gain_hooks(ada);
  static_cast<void>(github_.control(
      R"({"do":"faults","rules":[{"path":"/hooks","method":"POST","status":403}]})"));
  EXPECT_EQ(post("/blogs/connect", ada, "/blogs/connect", "repository=Ada/Notes").status, 303);
  wait_until_quiet();
  const auto page = get("/blogs/ada/notes", ada);
  EXPECT_NE(page.body.find("Its webhook is not installed"), std::string::npos) << page.body;
  EXPECT_NE(page.body.find("does not let you administer it"), std::string::npos) << page.body;
  EXPECT_EQ(hooks(), 0);
  EXPECT_EQ(api("/posts/first"), "200 ");
  const auto act = post("/blogs/ada/notes/act", ada, "/blogs/ada/notes", "act=install_hook");
  EXPECT_EQ(location_of(act), "/blogs/ada/notes?done=hook") << act.body;
  wait_until_quiet();
  EXPECT_EQ(hooks(), 1);
  EXPECT_EQ(get("/blogs/ada/notes", ada).body.find("Its webhook is not installed"),
            std::string::npos);
}

// Its deliveries do, signed with its own secret; and with its tokens a private repository is read.
TEST_F(Connecting, NeedsNoWebhookWhereTheAppIsInstalled) {
  static_cast<void>(github_.control(
      R"([{"do":"app","id":77},{"do":"install","owner":"Ada","repositories":["Ada/Notes"]},
          {"do":"privatise_repository","repository":"Ada/Notes"},
          {"do":"oauth_app","kind":"app","client_id":"client","client_secret":"secret","redirect_uri":")" +
      url() + R"(/login/authorized"}])"));
  configure_github(key_line(), "app_id = \"77\"\napp_key_file = \"" +
                                   write_private("app.pem", rsa_key().private_pem) + "\"\n");
  auto ada = log_in_by_github();
  gain_hooks(ada);
  EXPECT_EQ(database_.scalar("select scopes from session_token"), "");
  const auto connected = post("/blogs/connect", ada, "/blogs/connect", "repository=Ada/Notes");
  EXPECT_EQ(connected.status, 303) << connected.body;
  wait_until_quiet();
  EXPECT_EQ(hooks(), 0);
  EXPECT_EQ(database_.scalar("select delivery from blog_hook"), "app");
  EXPECT_EQ(api("/posts/first"), "200 ");
  const auto page = get("/blogs/ada/notes", ada).body;
  EXPECT_NE(page.find("the GitHub App tells of pushes"), std::string::npos) << page;
  EXPECT_EQ(page.find("Install webhook"), std::string::npos);
}

}  // namespace connect_test
}  // namespace devy::testing
