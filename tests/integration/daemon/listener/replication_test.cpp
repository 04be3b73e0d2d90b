// POST /replication: deliveries for the mirror, with the original's answers (mirror.md, section 8).
#include "tests/integration/daemon/listener/listener_fixture.hpp"

namespace devy::daemon {
namespace replication_test {

using testing::RawAnswer;

class Replication : public ListenerTest {
 protected:
  Replication() {
    config_.mirror.enabled = true;
    config_.webhook.secrets = {"test " + secret_file("own", good_secret) + " for 42"};
    execute(
        "insert into github.repository (id, name, owner_login, is_mirrored) values (42, 'notes', "
        "'alice', true)");
  }
  // As GitHub names the repository whose secret has signed.
  const testing::RawHeaders own_target{{"X-GitHub-Hook-Installation-Target-Type", "repository"},
                                       {"X-GitHub-Hook-Installation-Target-ID", "42"}};
  [[nodiscard]] RawAnswer replicate(const std::string& event, int number, const std::string& body,
                                    const std::string& below = "") const {
    return deliver({.event = event,
                    .number = number,
                    .body = body,
                    .headers = own_target,
                    .path = "/replication" + below});
  }
  [[nodiscard]] static std::string ping() {
    return R"({"zen":"x","hook_id":7,"hook":{"events":["issues"]},"repository":{"id":42,)"
           R"("name":"notes","full_name":"alice/notes","owner":{"login":"alice","id":7}}})";
  }
  [[nodiscard]] static std::string issue(const std::string& updated_at) {
    return R"({"action":"edited","issue":{"id":100,"number":5,"title":"x","updated_at":")" +
           updated_at + R"("},"repository":{"id":42,"name":"notes","full_name":"alice/notes",)" +
           R"("owner":{"login":"alice","id":7}}})";
  }
};

TEST_F(Replication, AnswersAsTheOriginal) {
  start();
  const auto pong = replicate("ping", 1, ping());
  EXPECT_EQ(pong.status, 200);
  EXPECT_NE(pong.body.find(R"("message": "pong")"), std::string::npos) << pong.body;
  const auto first = replicate("issues", 2, issue("2026-01-02T00:00:00Z"), "/issue");
  EXPECT_EQ(first.status, 200);
  EXPECT_NE(first.body.find(R"("message": "success")"), std::string::npos) << first.body;
  EXPECT_EQ(value("select kind || ' ' || state from operation"), "mirror_document verified");
  const auto stale = replicate("issues", 3, issue("2026-01-01T00:00:00Z"), "/issue");
  EXPECT_EQ(stale.status, 200);
  EXPECT_NE(stale.body.find(R"("message": "stale data")"), std::string::npos) << stale.body;
  const auto again = replicate("issues", 2, issue("2026-01-02T00:00:00Z"), "/issue");
  EXPECT_NE(again.body.find(R"("message": "success")"), std::string::npos) << again.body;
  EXPECT_EQ(replicate("commit_comment", 4, issue("2026-01-02T00:00:00Z")).status, 202)
      << "GitHub would show any other as failed";
}

TEST_F(Replication, ServesEachPathOfTheOriginal) {
  start();
  int number = 1;
  for (const char* below : {"", "/pull_request", "/issue", "/repository"})
    EXPECT_EQ(replicate("ping", number++, ping(), below).status, 200) << below;
  EXPECT_EQ(replicate("ping", number, ping(), "/other").status, 404);
}

TEST_F(Replication, ChecksAsWebhooksAreCheckedAndWantsAPayload) {
  start();
  EXPECT_EQ(deliver({.event = "issues",
                     .body = issue("2026-01-02T00:00:00Z"),
                     .secret = "another secret of some thirty-two bytes",
                     .path = "/replication"})
                .status,
            401);
  EXPECT_EQ(value("select count(*) from delivery"), "0");
  const std::string wanted = "{\"error\":\"no payload\"}\n";
  const auto empty = testing::send_request(address_, "POST", "/replication", {});
  EXPECT_EQ(empty.status, 400);
  EXPECT_EQ(empty.body, wanted);
  testing::RawConnection bare(address_);
  bare.send("POST /replication HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(bare.answer().body, wanted);
  const auto form = deliver({.event = "issues",
                             .body = "other=1",
                             .headers = own_target,
                             .type = "application/x-www-form-urlencoded",
                             .path = "/replication"});
  EXPECT_EQ(form.status, 400);
  EXPECT_EQ(form.body, wanted);
}

}  // namespace replication_test
}  // namespace devy::daemon
