// A push, from GitHub's request at the real daemon's socket to a post that readers see.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "core/platform/base/secret.hpp"
#include "core/platform/webhook/signature.hpp"
#include "tests/e2e/daemon/daemon_fixture.hpp"
#include "tests/support/github/webhook_payload.hpp"
#include "tests/support/http/raw_http.hpp"

namespace devy::testing {
namespace webhook_test {

class WebhookTest : public DaemonFixture {
 protected:
  WebhookTest() {
    write_text(folder_ / "secret", std::string(secret) + "\n");
    ::chmod((folder_ / "secret").c_str(), 0600);
    configure("[webhook]\nsender_check = \"off\"\nsecrets = [\"test " + (folder_ / "secret") +
              "\"]\n");
  }

  // Of the blog's repository, which GitHub calls 42.
  RawAnswer deliver(const std::string& blog, int number, const std::string& commit) {
    PushPayload push;
    push.repository.owner = blog.substr(0, blog.find('/'));
    push.repository.name = "blog";
    push.repository.url = database_.scalar("select url from devy.repository");
    push.after = commit;
    const auto body = push_payload(push);
    return send_request("unix:" + (folder_ / "public"), "POST", "/v1/webhooks",
                        {{"X-GitHub-Event", "push"},
                         {"X-GitHub-Delivery", guid(number)},
                         {"X-Hub-Signature-256", webhook::sign(body, base::Secret(secret))},
                         {"Content-Type", "application/json"}},
                        body);
  }

  static constexpr const char* secret = "the secret that deliveries are signed with";
};

TEST_F(WebhookTest, TurnsAPushIntoAPost) {
  const auto blog = new_blog();
  const auto daemon = start();
  EXPECT_EQ(deliver(blog, 1, std::string(40, 'a')).status, 202);
  const auto id = database_.scalar("select operation_id from devy.upload");
  wait_until_ended(*daemon, id, 1, "completed");
  EXPECT_EQ(database_.scalar("select title from devy.visible_post"), "Hello of user1");
  // The push was a hint: its id is believed no more than the rest of it.
  EXPECT_EQ(database_.scalar("select coalesce(github_id, 0) from devy.repository"), "0");
  EXPECT_EQ(broken_promises(), std::vector<std::string>());
  wait_for_answer("/metrics", 200,
                  "devy_webhook_deliveries_total{event=\"push\",verdict=\"accepted\"} 1");
  service_manager_.wait_for("STATUS=0 running, 0 queued, 1 idle workers; last webhook ");
  stop(*daemon);
}

// A session that the server ended while it lay idle costs no delivery.
TEST_F(WebhookTest, AcceptsADeliveryAfterALostSession) {
  const auto blog = new_blog();
  const auto daemon = start();
  EXPECT_EQ(deliver(blog, 1, std::string(40, 'a')).status, 202);
  const auto killed =
      database_.number("select pid from pg_stat_activity where application_name like '%listener%'");
  EXPECT_GT(killed, 0);
  database_.execute("select pg_terminate_backend(" + std::to_string(killed) + ")");
  EXPECT_EQ(deliver(blog, 2, std::string(40, 'b')).status, 202);
  EXPECT_EQ(database_.scalar("select count(*) from devy.delivery"), "2");
  stop(*daemon);
}

}  // namespace webhook_test
}  // namespace devy::testing
