// What the command line does with GitHub's API: looks whether it works, and sends from `poll`.
#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "core/platform/base/secret.hpp"
#include "tests/e2e/cli/blog_fixture.hpp"
#include "tests/support/github/fake_github.hpp"

namespace devy::testing {
namespace github_test {

class GithubCommands : public BlogFixture {
 protected:
  void configure(const std::string& more, mode_t mode = 0600) const {
    write_text(folder_ / "github-token", "ghp_plantedPlanted\n");
    ::chmod((folder_ / "github-token").c_str(), mode);
    write_text(folder_ / "devy-upload.toml",
               "[git]\nurl_schemes = [\"file\", \"http\"]\n[github]\napi_url = \"" + github_.url() +
                   "\"\ntimeout = \"1s\"\n" + more);
  }
  [[nodiscard]] std::string token() const {
    return "token_file = \"" + (folder_ / "github-token") + "\"\ntoken_for = [\"alice\"]\n";
  }
  // "status message" of what doctor says of GitHub.
  [[nodiscard]] std::string diagnosis(int status) const {
    for (const auto& finding : json({"doctor"}, status))
      if (finding["check"] == "github") {
        EXPECT_EQ(finding["hint"].is_null(), finding["status"] == "ok");
        EXPECT_EQ(finding.dump().find("plantedPlanted"), std::string::npos);
        return finding["status"].get<std::string>() + " " + finding["message"].get<std::string>();
      }
    return "none";
  }

  FakeGithub github_{[](const HttpRequest& request) -> FakeAnswer {
    EXPECT_EQ(request.header("authorization"), "Bearer ghp_plantedPlanted");
    return {.body = R"({"rate":{"remaining":4990,"limit":5000}})"};
  }};
};

TEST_F(GithubCommands, ChecksTheCredentialAndTheApiInDoctor) {
  EXPECT_EQ(run({"trigger", "alice/blog", "--here"}).status, 0);
  configure("");
  EXPECT_EQ(diagnosis(0), "ok no token and no App: commits are told nothing");
  configure(token());
  EXPECT_EQ(diagnosis(0),
            "ok " + github_.url() + " knows the token has 4990 of 5000 requests left this hour");
  configure(token(), 0644);
  EXPECT_NE(diagnosis(10).find("github.token_file: unable to use secret file"), std::string::npos);
  configure("app_id = \"1\"\napp_key_file = \"" + (folder_ / "none.pem") + "\"\n");
  EXPECT_NE(diagnosis(10).find("github.app_key_file: unable to read secret file"),
            std::string::npos);
  configure(token());
  github_.play([](const auto&) { return FakeAnswer{.status = 401}; });
  EXPECT_TRUE(diagnosis(10).starts_with("problem unable to ask GitHub"));
  github_.play([](const auto&) { return FakeAnswer{.status = 503}; });
  EXPECT_TRUE(diagnosis(0).starts_with("warning unable to ask GitHub"));
}

// Without a daemon: a timer's poll.
TEST_F(GithubCommands, SendsCommitStatusesOnPoll) {
  configure(token());
  EXPECT_EQ(run({"trigger", "alice/blog", "--here"}).status, 0);
  // As if it had been fetched from this GitHub.
  database_.execute(
      "update devy.repository set url = 'https://github.com/alice/blog.git';"
      "select devy.commit_status_begin(operation_id, commit) from devy.upload");
  EXPECT_EQ(run({"poll", "--once"}).status, 0);
  const auto requests = github_.wait_for("POST /repos/alice/blog/statuses/", 1);
  EXPECT_NE(requests[0].body.find("\"success\""), std::string::npos) << requests[0].body;
  const auto figures = json({"queue", "stats"})["commit_statuses"];
  EXPECT_EQ(figures["sent"], 1);
  EXPECT_EQ(figures["unsent"], 0);
  EXPECT_NE(run({"queue", "stats"}).out.find("1 sent, 0 refused; 0 to be sent"), std::string::npos);
  EXPECT_NE(run({"inspect", "@last"}).out.find("at GitHub"), std::string::npos);
}

TEST_F(GithubCommands, ShowsOperatorsWhatGithubRefused) {
  configure(token());
  EXPECT_EQ(run({"trigger", "alice/blog", "--here"}).status, 0);
  database_.execute(
      "update devy.repository set url = 'https://github.com/alice/blog.git';"
      "select devy.commit_status_begin(operation_id, commit) from devy.upload");
  github_.play([](const auto&) {
    return FakeAnswer{.status = 404, .body = "{\"message\":\"Not\\u001b[31m Found\"}"};
  });
  EXPECT_EQ(run({"poll", "--once"}).status, 0);
  const auto stats = run({"queue", "stats"}).out;
  EXPECT_NE(stats.find("0 sent, 1 refused"), std::string::npos) << stats;
  EXPECT_EQ(stats.find('\x1b'), std::string::npos);
  EXPECT_NE(run({"inspect", "@last"}).out.find("refused: unable to ask GitHub"), std::string::npos);
}

TEST_F(GithubCommands, AsksForTheIdOfARepositoryThatIsConnected) {
  configure("");
  github_.play([](const HttpRequest& request) -> FakeAnswer {
    if (request.path == "/repos/bob/public")
      return {.body = R"({"id":4711,"name":"public","owner":{"login":"bob"},"private":false})"};
    return {.status = 404, .body = R"({"message":"Not Found"})"};
  });
  EXPECT_EQ(run({"account", "add", "bob", "--supporter"}).status, 0);
  const auto bound = run({"blog", "connect", "bob/public", "http://github.com/bob/public"});
  EXPECT_EQ(bound.status, 0) << bound.err;
  EXPECT_NE((bound.out + bound.err).find("its id at GitHub is 4711"), std::string::npos);
  // Where GitHub does not say it, that is said, and the blog is connected.
  const auto unbound = run({"blog", "connect", "bob/private", "http://github.com/bob/private"});
  EXPECT_EQ(unbound.status, 0) << unbound.err;
  EXPECT_NE((unbound.out + unbound.err).find("its id at GitHub is not known"), std::string::npos);
  EXPECT_EQ(database_.rows("select coalesce(github_id, 0) from devy.repository where url like "
                           "'%bob%' order by 1"),
            (std::vector<std::string>{"0", "4711"}));
}

}  // namespace github_test
}  // namespace devy::testing
