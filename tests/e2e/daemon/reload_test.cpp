// SIGHUP and the files that the configuration names: secrets change without a delivery lost, and
// one that cannot be used leaves everything as it was.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <filesystem>

#include "core/platform/base/secret.hpp"
#include "core/platform/webhook/signature.hpp"
#include "tests/e2e/daemon/daemon_fixture.hpp"
#include "tests/support/github/webhook_payload.hpp"
#include "tests/support/http/raw_http.hpp"

namespace devy::testing {
namespace reload_test {

constexpr const char* old_secret = "the secret that deliveries are signed with";
constexpr const char* new_secret = "another secret, for when the first was seen";

class Reload : public DaemonFixture {
 protected:
  Reload() {
    write_secret("old", old_secret);
    write_secret("new", new_secret);
  }

  void write_secret(const std::string& name, const std::string& secret) const {
    write_text(folder_ / name, secret + "\n");
    ::chmod((folder_ / name).c_str(), 0600);
  }
  void name_secrets(const std::vector<std::string>& names) {
    std::string list;
    for (const auto& name : names)
      list += (list.empty() ? "\"" : ", \"") + name + " " + (folder_ / name) + "\"";
    configure("[webhook]\nsender_check = \"off\"\nsecrets = [" + list + "]\n");
  }
  // A ping signed with that secret.
  int deliver(const char* secret) {
    const auto body = ping_payload();
    return send_request("unix:" + (folder_ / "public"), "POST", "/v1/webhooks",
                        {{"X-GitHub-Event", "ping"},
                         {"X-GitHub-Delivery", guid(++number_)},
                         {"X-Hub-Signature-256", webhook::sign(body, base::Secret(secret))},
                         {"Content-Type", "application/json"}},
                        body)
        .status;
  }
  // Until the listener that had the secrets of before has gone.
  void reload(Program& daemon) {
    daemon.send_signal(SIGHUP);
    daemon.wait_for("event=\"configuration reloaded\"", ++reloads_);
    daemon.wait_for("event=\"process exited\" role=\"listener\"", reloads_);
  }

  int number_ = 0, reloads_ = 0;
};

TEST_F(Reload, ReplacesSecretsOneByOne) {
  name_secrets({"old"});
  const auto daemon = start();
  EXPECT_EQ(deliver(old_secret), 200);
  EXPECT_EQ(deliver(new_secret), 401);
  name_secrets({"old", "new"});
  reload(*daemon);
  EXPECT_EQ(deliver(old_secret), 200);
  EXPECT_EQ(deliver(new_secret), 200);
  name_secrets({"new"});
  reload(*daemon);
  EXPECT_EQ(deliver(old_secret), 401);
  EXPECT_EQ(deliver(new_secret), 200);
  stop(*daemon);
  EXPECT_EQ(database_.number("select count(*) from devy.delivery"), 4);
}

TEST_F(Reload, ChangesNothingWhenASecretCannotBeUsed) {
  name_secrets({"old"});
  const auto daemon = start();
  wait_for_answer("/metrics", 200, "devy_config_reload_successful 1");
  name_secrets({"old", "new"});
  const std::vector<std::pair<std::string, std::function<void()>>> faults{
      {"missing", [this] { std::filesystem::remove(folder_ / "new"); }},
      {"short", [this] { write_secret("new", "too short"); }},
      {"empty", [this] { write_secret("new", ""); }},
      {"open to all", [this] {
         write_secret("new", new_secret);
         ::chmod((folder_ / "new").c_str(), 0644);
       }}};
  int refused = 0;
  for (const auto& [name, break_it] : faults) {
    SCOPED_TRACE(name);
    break_it();
    daemon->send_signal(SIGHUP);
    daemon->wait_for("event=\"configuration not reloaded\"", ++refused);
    wait_for_answer("/metrics", 200, "devy_config_reload_successful 0");
    EXPECT_EQ(deliver(old_secret), 200);
    EXPECT_EQ(deliver(new_secret), 401);
  }
  write_secret("new", new_secret);
  reload(*daemon);
  wait_for_answer("/metrics", 200, "devy_config_reload_successful 1");
  EXPECT_EQ(deliver(new_secret), 200);
  const auto log = stop(*daemon);
  // Each refusal names the file, and none says what is in it.
  for (std::size_t at = 0, n = 0; n < faults.size(); ++n) {
    at = log.find("event=\"configuration not reloaded\"", at + 1);
    EXPECT_NE(log.substr(at, log.find('\n', at) - at).find(folder_ / "new"), std::string::npos);
  }
  for (const auto* secret : {old_secret, new_secret, "too short"})
    EXPECT_EQ(log.find(secret), std::string::npos);
}

TEST_F(Reload, PreventsAStartWithoutTheSecret) {
  name_secrets({"nothing"});
  const auto result = run_program(daemon_call());
  EXPECT_EQ(result.status, 78);
  EXPECT_NE(result.err.find(folder_ / "nothing"), std::string::npos) << result.err;
}

}  // namespace reload_test
}  // namespace devy::testing
