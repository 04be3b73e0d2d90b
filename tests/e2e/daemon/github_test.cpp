// The daemon and a GitHub of our own on loopback: real pushes by git, statuses back to their
// commits, lost deliveries found again.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <atomic>
#include <chrono>
#include <nlohmann/json.hpp>

#include "core/platform/base/secret.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/platform/webhook/signature.hpp"
#include "tests/e2e/daemon/daemon_fixture.hpp"
#include "tests/support/github/fake_github.hpp"
#include "tests/support/github/rsa_key.hpp"
#include "tests/support/github/webhook_payload.hpp"
#include "tests/support/http/raw_http.hpp"
#include "tests/support/look_again.hpp"
#include "tests/support/time_factor.hpp"

namespace devy::testing {
namespace github_test {

constexpr const char* secret = "the secret that deliveries are signed with";

class GithubTest : public DaemonFixture {
 protected:
  std::string private_file(const std::string& name, const std::string& text) const {
    const auto path = folder_ / name;
    write_text(path, text);
    ::chmod(path.c_str(), 0600);
    return path;
  }
  void configure_github(const std::string& credentials, const std::string& more = {}) {
    const auto host = server_->url();
    configure("[webhook]\nsender_check = \"off\"\nsecrets = [\"test " +
              private_file("secret", std::string(secret) + "\n") +
              "\"]\n[queue]\npoll_interval = \"50ms\"\n[reconcile]\nevery = \"0s\"\n" +
              "[github]\napi_url = \"" + github_.url() + "\"\nhost = \"" +
              host.substr(host.find("//") + 2) + "\"\ntimeout = \"1s\"\n" + credentials + more);
  }
  std::string token() const {
    return "token_file = \"" + private_file("token", "ghp_plantedPlantedPlanted00\n") +
           "\"\ntoken_for = [\"user1\"]\n";
  }

  // By real git; the commit.
  std::string push(const std::string& path, const std::string& text) {
    auto& author = *authors_.front();
    author.write_file(path, text);
    const auto commit = author.commit();
    author.push(server_->url("user1/blog.git"));
    return commit;
  }
  RawAnswer deliver(int number, const std::string& commit) {
    PushPayload payload;
    payload.repository.owner = "user1";
    payload.repository.name = "blog";
    payload.repository.url = database_.scalar("select url from devy.repository");
    payload.after = commit;
    const auto body = push_payload(payload);
    return send_request("unix:" + (folder_ / "public"), "POST", "/v1/webhooks",
                        {{"X-GitHub-Event", "push"},
                         {"X-GitHub-Delivery", guid(number)},
                         {"X-Hub-Signature-256", webhook::sign(body, base::Secret(secret))},
                         {"Content-Type", "application/json"}},
                        body);
  }
  // "state description" of the commit's statuses, once there are so many.
  std::vector<std::string> statuses(const std::string& commit, std::size_t count) {
    std::vector<std::string> lines;
    for (const auto& request :
         github_.wait_for("POST /repos/user1/blog/statuses/" + commit, count)) {
      EXPECT_EQ(request.header("authorization"), bearer_);
      const auto body = nlohmann::json::parse(request.body);
      EXPECT_EQ(body["context"], "devy");
      lines.push_back(body["state"].get<std::string>() + " " +
                      body["description"].get<std::string>());
    }
    return lines;
  }
  void wait_until(const std::string& sql, long wanted) const {
    const auto until = std::chrono::steady_clock::now() + time_factor * std::chrono::seconds(60);
    for (; database_.number(sql) != wanted; pause_before_looking_again())
      if (std::chrono::steady_clock::now() > until)
        throw std::runtime_error("it never was " + std::to_string(wanted) + ": " + sql);
  }

  std::string bearer_ = "Bearer ghp_plantedPlantedPlanted00";
  FakeGithub github_{[](const HttpRequest& request) {
    return FakeAnswer{.status = request.method == "POST" ? 201 : 200, .body = "[]"};
  }};
};

TEST_F(GithubTest, ReportsACommitAsPendingAndThenAsPublished) {
  configure_github(token());
  new_blog();
  const auto daemon = start();
  const auto commit = push("second.md", "# Second\n");
  // The upload stands before the git server's door until GitHub has heard that it has begun.
  door_.close();
  EXPECT_EQ(deliver(1, commit).status, 202);
  EXPECT_EQ(statuses(commit, 1), std::vector<std::string>{"pending being published"});
  door_.open();
  EXPECT_EQ(statuses(commit, 2),
            (std::vector<std::string>{"pending being published", "success 2 added"}));
  // Each once, and nothing of the secrets anywhere.
  wait_until(
      "select count(*) from devy.operation where kind = 'github_status' and "
      "finished_at is null",
      0);
  EXPECT_EQ(statuses(commit, 2).size(), 2U);
  EXPECT_EQ(stop(*daemon).find("plantedPlanted"), std::string::npos);
  EXPECT_EQ(broken_promises(), std::vector<std::string>());
}

TEST_F(GithubTest, ShowsAFileErrorWithItsPlace) {
  configure_github(token());
  new_blog();
  const auto daemon = start();
  const auto commit = push("broken.md", "---\ntitle: [\n---\n# Broken\n");
  EXPECT_EQ(deliver(1, commit).status, 202);
  wait_until(
      "select count(*) from devy.commit_status where sent = wanted and "
      "sent_state = 'failure'",
      1);
  const auto said = statuses(commit, 1).back();
  EXPECT_TRUE(said.starts_with("failure broken.md:")) << said;
  stop(*daemon);
}

TEST_F(GithubTest, UsesTheInstallationsTokenOfAnApp) {
  github_.play([](const HttpRequest& request) -> FakeAnswer {
    if (request.path.ends_with("/installation")) return {.body = R"({"id":5})"};
    if (request.path.ends_with("/access_tokens"))
      return {.status = 201, .body = R"({"token":"ghs_ofInstallationFive"})"};
    return {.status = request.method == "POST" ? 201 : 200, .body = "[]"};
  });
  bearer_ = "Bearer ghs_ofInstallationFive";
  configure_github("app_id = \"77\"\napp_key_file = \"" +
                   private_file("app.pem", rsa_key().private_pem) + "\"\n");
  new_blog();
  database_.execute("update devy.repository set github_id = 42");
  const auto daemon = start();
  const auto commit = push("second.md", "# Second\n");
  EXPECT_EQ(deliver(1, commit).status, 202);
  wait_until(
      "select count(*) from devy.commit_status where sent = wanted and "
      "sent_state = 'success'",
      1);
  EXPECT_EQ(statuses(commit, 1).back(), "success 2 added");
  stop(*daemon);
}

// No token_file: whoever the App is installed for is fetched from with its token.
TEST_F(GithubTest, FetchesAPrivateRepositoryWithItsInstallationsToken) {
  std::atomic<int> given{0};
  std::atomic<bool> is_installed{true};
  github_.play([&](const HttpRequest& request) -> FakeAnswer {
    if (!is_installed) return {.status = 404, .body = R"({"message":"Not Found"})"};
    if (request.path.ends_with("/installation")) return {.body = R"({"id":5})"};
    if (request.path.ends_with("/access_tokens"))
      return {.status = 201,
              .body = R"({"token":"ghs_plantedPlanted)" + std::to_string(++given) + "\"}"};
    return {.status = 404};
  });
  configure_github(
      "statuses = false\ndeliveries_every = \"0s\"\napp_id = \"77\"\n"
      "app_key_file = \"" +
      private_file("app.pem", rsa_key().private_pem) + "\"\n[workers]\nmin = 1\nmax = 1\n");
  const auto blog = new_blog();
  database_.execute("update devy.repository set github_id = 42");
  given = 0;  // connecting has asked for the id
  const auto daemon = start();
  const auto want_token = [&](const std::string& token) {
    server_->misbehave([&](Faults& faults) {
      faults.token = token;
      faults.allows_any_commit = true;  // as GitHub does
    });
  };
  const auto push_unhindered = [&](const std::string& path) {
    want_token("");
    return push(path, "# Post\n");
  };
  auto commit = push_unhindered("second.md");
  want_token("ghs_plantedPlanted1");
  EXPECT_EQ(deliver(1, commit).status, 202);
  wait_until("select count(*) from devy.post", 2);
  // It is kept: GitHub is not asked for another.
  commit = push_unhindered("third.md");
  want_token("ghs_plantedPlanted1");
  EXPECT_EQ(deliver(2, commit).status, 202);
  wait_until("select count(*) from devy.post", 3);
  EXPECT_EQ(given, 1);
  // Revoked before its time: one more is asked for, within the same attempt.
  commit = push_unhindered("fourth.md");
  want_token("ghs_plantedPlanted2");
  EXPECT_EQ(deliver(3, commit).status, 202);
  wait_until("select count(*) from devy.post", 4);
  EXPECT_EQ(given, 2);
  EXPECT_EQ(database_.number("select max(attempt) from devy.operation"), 1);
  // The App was taken off: that is said, and the posts stay.
  is_installed = false;
  commit = push_unhindered("fifth.md");
  want_token("ghs_plantedPlanted9");
  EXPECT_EQ(deliver(4, commit).status, 202);
  wait_until("select count(*) from devy.operation where state = 'failed'", 1);
  EXPECT_EQ(database_.scalar("select error_code from devy.operation where state = 'failed'"),
            "authentication_required");
  const auto hint =
      database_.scalar("select error_hint from devy.operation where state = 'failed'");
  EXPECT_TRUE(hint.starts_with("Install the App on the repository")) << hint;
  EXPECT_EQ(database_.number("select count(*) from devy.post"), 4);
  // And put back.
  is_installed = true;
  want_token("ghs_plantedPlanted3");
  static_cast<void>(trigger(blog));
  wait_until("select count(*) from devy.post", 5);
  want_token("");
  EXPECT_EQ(stop(*daemon).find("plantedPlanted"), std::string::npos);
  EXPECT_EQ(broken_promises(), std::vector<std::string>());
}

// Silence is the worst: every request costs all its patience.
TEST_F(GithubTest, PublishesWhileGithubIsSilent) {
  github_.play([](const HttpRequest&) { return FakeAnswer{.is_silent = true}; });
  configure_github(token(), "deliveries_every = \"0s\"\n[workers]\nmin = 1\nmax = 1\n");
  new_blog();
  const auto daemon = start();
  std::string last;
  for (int n = 1; n <= 3; ++n) {
    last = push("post" + std::to_string(n) + ".md", "# Post\n");
    EXPECT_EQ(deliver(n, last).status, 202);
    wait_until("select count(*) from devy.post", n + 1);
  }
  EXPECT_EQ(database_.number("select count(*) from devy.commit_status where sent > 0"), 0);
  wait_for_answer("/metrics", 200, "devy_commit_statuses_unsent 3");
  github_.play([](const HttpRequest&) { return FakeAnswer{.status = 201, .body = "{}"}; });
  database_.execute("update devy.api_pause set not_before = now()");
  database_.execute("update devy.operation set run_at = now() where state = 'verified'");
  wait_until(
      "select count(*) from devy.commit_status where sent = wanted and "
      "sent_state = 'success'",
      3);
  stop(*daemon);
  EXPECT_EQ(broken_promises(), std::vector<std::string>());
}

TEST_F(GithubTest, RefusesAConfigurationWhoseCredentialCannotBeUsed) {
  configure_github(token());
  const auto daemon = start();
  ::chmod((folder_ / "token").c_str(), 0644);
  daemon->send_signal(SIGHUP);
  daemon->wait_for("event=\"configuration not reloaded\"");
  const auto log = stop(*daemon);
  EXPECT_NE(log.find(folder_ / "token"), std::string::npos);
  EXPECT_EQ(log.find("plantedPlanted"), std::string::npos);
  configure_github("app_id = \"77\"\napp_key_file = \"" + private_file("app.pem", "no key\n") +
                   "\"\n");
  const auto result = run_program(daemon_call());
  EXPECT_EQ(result.status, 78);
  EXPECT_NE(result.err.find("no private key in PEM"), std::string::npos) << result.err;
}

TEST_F(GithubTest, ReportsTheAgeOfItsListOfSenders) {
  github_.play([](const HttpRequest& request) -> FakeAnswer {
    if (request.path == "/meta") return {.body = R"({"hooks":["192.30.252.0/22"]})"};
    return {.status = 404};
  });
  configure("[webhook]\nranges_url = \"" + github_.url() + "/meta\"\n");
  const auto daemon = start();
  wait_for_answer("/metrics", 200, "devy_ip_allowlist_age_seconds ");
  stop(*daemon);
}

TEST_F(GithubTest, RecoversALostDeliveryFromGithub) {
  const auto delivered_at =
      base::format_rfc3339(base::system_clock().now() - std::chrono::minutes(5));
  github_.play([&](const HttpRequest& request) -> FakeAnswer {
    if (request.path == "/app/hook/deliveries")
      return {.body = R"([{"id":7,"guid":")" + guid(7) +
                      R"(","event":"push","status_code":0,"repository_id":42,"delivered_at":")" +
                      delivered_at + "\"}]"};
    return {.status = 404};
  });
  configure_github(
      "app_id = \"77\"\nstatuses = false\ndeliveries_every = \"1s\"\n"
      "app_key_file = \"" +
      private_file("app.pem", rsa_key().private_pem) + "\"\n");
  new_blog();
  database_.execute("update devy.repository set github_id = 42");
  const auto commit = push("second.md", "# Second\n");
  const auto daemon = start();
  wait_until("select count(*) from devy.post", 2);
  EXPECT_EQ(database_.scalar("select head_commit from devy.blog"), commit);
  EXPECT_EQ(database_.rows("select event, asked from devy.missed_delivery"),
            std::vector<std::string>{"push|1"});
  wait_for_answer("/metrics", 200, "devy_deliveries_missed_total 1");
  stop(*daemon);
  EXPECT_EQ(broken_promises(), std::vector<std::string>());
}

}  // namespace github_test
}  // namespace devy::testing
