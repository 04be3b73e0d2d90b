// POST /v1/webhooks over real sockets into a real database: who may deliver, what is answered, what
// is there afterwards.
#include <sys/stat.h>

#include <list>
#include <set>
#include <sstream>

#include "core/platform/base/error.hpp"
#include "tests/integration/daemon/listener/listener_fixture.hpp"
#include "tests/support/git/git_http_stream.hpp"
#include "tests/support/process/peer.hpp"
#include "tests/support/time_factor.hpp"

namespace devy::daemon {
namespace webhooks_test {

using testing::guid;
using testing::push_payload;
using testing::RawConnection;

class WebhooksTest : public ListenerTest {
 protected:
  long deliveries() const { return std::stol(value("select count(*) from delivery")); }
  long uploads() const { return std::stol(value("select count(*) from upload")); }
};

TEST_F(WebhooksTest, AcceptsAPushWithItsUpload) {
  start();
  const auto answer = deliver();
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(value("select state || ' ' || source from operation"), "verified webhook");
  EXPECT_NE(answer.body.find(value("select operation_id from upload")), std::string::npos);
  EXPECT_NE(answer.body.find(guid(1)), std::string::npos);
  EXPECT_EQ(value("select host(sender) from delivery"), "127.0.0.1");
  EXPECT_EQ(value("select headers->>'signer' from delivery"), "test");
  EXPECT_EQ(value("select headers ? 'X-Hub-Signature-256' from delivery"), "f");
}

TEST_F(WebhooksTest, ChecksTheSignatureOverTheRawForm) {
  start();
  const auto body = testing::form_body(push_payload());
  EXPECT_EQ(deliver({.body = body, .type = "application/x-www-form-urlencoded"}).status, 202);
  EXPECT_EQ(uploads(), 1);
  EXPECT_EQ(value("select length(body) from delivery"), std::to_string(body.size()));
}

TEST_F(WebhooksTest, AnswersAPing) {
  start();
  EXPECT_EQ(deliver({.event = "ping", .body = testing::ping_payload()}).status, 200);
  const auto warned = deliver({.event = "ping",
                               .number = 2,
                               .body = R"({"zen":"x","hook_id":1,"hook":{"events":["issues"]}})"});
  EXPECT_EQ(warned.status, 200);
  EXPECT_NE(warned.body.find("the hook does not send pushes"), std::string::npos);
}

TEST_F(WebhooksTest, StoresNothingWithoutAValidSignature) {
  start();
  const auto wrong = deliver({.secret = "another secret of some thirty-two bytes"});
  EXPECT_EQ(wrong.status, 401);
  const std::string zeros(64, '0');
  for (const auto& signature :
       {std::string(), "sha256=" + zeros, "sha1=" + zeros, zeros, std::string("sha256=zz")}) {
    const auto answer = deliver({.headers = {{"X-Hub-Signature-256", signature}}});
    EXPECT_EQ(answer.status, 401) << signature;
    EXPECT_EQ(answer.body, wrong.body);
    EXPECT_EQ(answer.head, wrong.head);
  }
  EXPECT_EQ(
      deliver({.headers = {{"X-Hub-Signature-256", ""}, {"X-Hub-Signature", "sha1=" + zeros}}})
          .status,
      401);
  EXPECT_EQ(deliveries(), 0);
}

TEST_F(WebhooksTest, AcceptsNothingWithoutASecret) {
  config_.webhook.secrets.clear();
  start();
  EXPECT_EQ(deliver().status, 401);
}

TEST_F(WebhooksTest, RefusesMalformedDeliveries) {
  start();
  EXPECT_EQ(deliver({.headers = {{"X-GitHub-Delivery", "1"}}}).status, 400);
  EXPECT_EQ(deliver({.headers = {{"X-GitHub-Delivery", ""}}}).status, 400);
  EXPECT_EQ(deliver({.event = "Push"}).status, 400);
  EXPECT_EQ(deliver({.event = ""}).status, 400);
  EXPECT_EQ(deliver({.headers = {{"X-GitHub-Event", "push"}, {"x-github-event", "ping"}}}).status,
            400);
  EXPECT_EQ(deliver({.type = "multipart/form-data; boundary=x"}).status, 415);
  EXPECT_EQ(deliver({.type = "text/plain"}).status, 415);
  EXPECT_EQ(deliver({.body = "payload", .type = "application/x-www-form-urlencoded"}).status, 400);
  EXPECT_EQ(deliveries(), 0);
  EXPECT_EQ(deliver({.body = "{"}).status, 400);
  EXPECT_EQ(deliver({.number = 2, .body = testing::ping_payload()}).status, 400);
  EXPECT_EQ(value("select count(*) from delivery where verdict = 'rejected'"), "2");
  EXPECT_EQ(uploads(), 0);
}

TEST_F(WebhooksTest, MarksTheSameDeliveryAsADuplicate) {
  start();
  const auto first = deliver();
  const auto second = deliver();
  EXPECT_EQ(second.status, 200);
  EXPECT_NE(second.body.find("\"duplicate\": true"), std::string::npos);
  EXPECT_NE(second.body.find(value("select operation_id from upload")), std::string::npos);
  // The name of a delivery is a UUID, however it is spelt.
  auto spelt = guid(10);
  std::transform(spelt.begin(), spelt.end(), spelt.begin(), ::toupper);
  EXPECT_EQ(deliver({.number = 10}).status, 202);
  EXPECT_EQ(deliver({.number = 10, .headers = {{"X-GitHub-Delivery", spelt}}}).status, 200);
  // A redelivery after the hook's encoding was changed is the same delivery.
  const auto form = testing::form_body(push_payload());
  EXPECT_EQ(deliver({.body = form, .type = "application/x-www-form-urlencoded"}).status, 200);
}

// F26
TEST_F(WebhooksTest, StoresOneDeliveryForFiftyRequestsWithOneGuid) {
  start();
  const auto bytes = bytes_of({});
  std::list<RawConnection> clients;
  for (int i = 0; i < 50; ++i)
    clients.emplace_back(address_).send(bytes.substr(0, bytes.size() - 1));
  for (auto& client : clients)
    client.send(bytes.substr(bytes.size() - 1));
  int accepted = 0, duplicates = 0;
  for (auto& client : clients) {
    const int status = client.answer().status;
    accepted += status == 202 ? 1 : 0;
    duplicates += status == 200 ? 1 : 0;
  }
  EXPECT_EQ(accepted, 1);
  EXPECT_EQ(duplicates, 49);
  EXPECT_EQ(deliveries(), 1);
  EXPECT_EQ(uploads(), 1);
}

// F27
TEST_F(WebhooksTest, KeepsTheNewerPushThoughItArrivesFirst) {
  start();
  const auto newer = push_payload({.after = std::string(40, 'b'), .pushed_at = 1'767'225'700});
  const auto older = push_payload({.after = std::string(40, 'a'), .pushed_at = 1'767'225'600});
  EXPECT_EQ(deliver({.number = 2, .body = newer}).status, 202);
  EXPECT_EQ(deliver({.number = 1, .body = older}).status, 202);
  EXPECT_EQ(value("select state from operation o join upload u on u.operation_id = o.id"
                  " where delivery_guid = '" +
                  guid(1) + "'"),
            "dropped");
}

// F6 for intake: never a 2xx for what is not committed.
TEST_F(WebhooksTest, ReportsThatTheDatabaseIsUnavailable) {
  config_.webhook.unsigned_requests_per_minute = 0;
  start();
  EXPECT_EQ(deliver({.number = 1}).status, 202);
  testing::postgres().stop();
  const auto begun_at = std::chrono::steady_clock::now();
  for (int number = 2; number < 6; ++number) {
    const auto answer = deliver({.number = number});
    EXPECT_EQ(answer.status, 503);
    EXPECT_TRUE(answer.has("Retry-After: 5"));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begun_at,
            devy::testing::time_factor * std::chrono::seconds(5));
  EXPECT_EQ(ask("POST", "/v1/uploads/alice/notes", "alice").status, 503);
  EXPECT_EQ(deliver({.secret = "another secret of some thirty-two bytes"}).status, 401);
  testing::postgres().start();
  // It asks again within half a second of having been told.
  int status = 0;
  const auto until =
      std::chrono::steady_clock::now() + devy::testing::time_factor * std::chrono::seconds(10);
  while ((status = deliver({.number = 2}).status) == 503 &&
         std::chrono::steady_clock::now() < until) {
  }
  EXPECT_EQ(status, 202);
  EXPECT_EQ(deliveries(), 2);
}

TEST_F(WebhooksTest, AcceptsOnlyGithubsAddressesWhenEnforced) {
  config_.webhook.sender_check = "enforce";
  config_.webhook.ranges_url = "http://127.0.0.1:1/meta";  // nobody is there
  config_.webhook.ranges_file = folder_ / "ranges";
  start();
  EXPECT_EQ(deliver().status, 503) << "no ranges are known";
  stop();
  testing::write_text(folder_ / "ranges", R"({"hooks":["192.30.252.0/22","2a0a:a440::/29"]})");
  start();
  EXPECT_EQ(deliver().status, 403);
  stop();
  config_.webhook.sender_check = "warn";
  start();
  EXPECT_EQ(deliver().status, 202);
  stop();
  config_.webhook.sender_check = "enforce";
  testing::write_text(folder_ / "ranges", R"({"hooks":["127.0.0.0/8"]})");
  start();
  EXPECT_EQ(deliver({.number = 2}).status, 202);
}

TEST_F(WebhooksTest, BelievesAProxyAtTheUnixSocket) {
  config_.webhook.client_subjects = {"CN=relay,O=Example"};
  start("unix:" + folder_.path() + "/socket");
  const auto with = [&](const char* verify, const char* subject) {
    return deliver({.headers = {{"X-Real-IP", "192.30.252.1"},
                                {"X-Client-Verify", verify},
                                {"X-Client-Subject", subject}}})
        .status;
  };
  EXPECT_EQ(with("NONE", "CN=relay,O=Example"), 403);
  EXPECT_EQ(with("SUCCESS", "CN=other"), 403);
  EXPECT_EQ(with("SUCCESS", "CN=relay,O=Example"), 202);
  EXPECT_EQ(value("select host(sender) from delivery"), "192.30.252.1");
}

TEST_F(WebhooksTest, BelievesNoForwardedAddressFromOthers) {
  config_.webhook.client_subjects = {"CN=relay"};
  start();
  EXPECT_EQ(deliver({.headers = {{"X-Client-Verify", "SUCCESS"}, {"X-Client-Subject", "CN=relay"}}})
                .status,
            403);
  stop();
  config_.webhook.client_subjects.clear();
  start();
  EXPECT_EQ(deliver({.headers = {{"X-Real-IP", "192.30.252.1"}}}).status, 202);
  EXPECT_EQ(value("select host(sender) from delivery"), "127.0.0.1");
}

// An Enterprise server's way; curl is the client.
TEST_F(WebhooksTest, RequiresAClientCertificateOverTls) {
  ::mkdir((folder_ / "server").c_str(), 0700);
  ::mkdir((folder_ / "relay").c_str(), 0700);
  const auto server = testing::make_tls_identity(folder_ / "server");
  const auto relay = testing::make_tls_identity(folder_ / "relay");
  ::chmod(server.key_file.c_str(), 0600);
  config_.listener.tls_certificate_file = server.certificate_file;
  config_.listener.tls_key_file = server.key_file;
  config_.listener.client_ca_file = relay.certificate_file;
  config_.webhook.client_subjects = {"DNS:localhost"};
  start();
  testing::write_text(folder_ / "body", push_payload());
  const auto curl = [&](const std::string& certificate) {
    // Without --data-binary's file as an argument the payload would be in the process list.
    const auto bytes = bytes_of({});
    const auto from = bytes.find("sha256=");
    const auto signature = bytes.substr(from, 71);
    const auto command =
        "curl -s -o /dev/null -w '%{http_code}' --cacert " + server.certificate_file + certificate +
        " -H 'X-GitHub-Event: push' -H 'X-GitHub-Delivery: " + guid(1) +
        "' -H 'X-Hub-Signature-256: " + signature +
        "' -H 'Content-Type: application/json' --data-binary @" + (folder_ / "body") +
        " https://localhost:" + address_.substr(address_.rfind(':') + 1) + "/v1/webhooks";
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(::popen(command.c_str(), "re"), ::pclose);
    std::string status(3, ' ');
    return std::fread(status.data(), 1, 3, pipe.get()) == 3 ? status : "none";
  };
  EXPECT_EQ(curl(""), "403");
  EXPECT_EQ(curl(" --cert " + server.certificate_file + " --key " + server.key_file), "000");
  EXPECT_EQ(curl(" --cert " + relay.certificate_file + " --key " + relay.key_file), "202");
}

// Every payload of @octokit/webhooks-examples, signed by @octokit/webhooks-methods.
TEST_F(WebhooksTest, AcceptsEveryEventOfGithubOnce) {
  execute("update repository set github_id = 1, url = 'https://github.com/alice/notes.git'");
  start();
  int number = 0;
  std::set<std::string> events;
  for (const auto& line : testing::run_peer("webhook_examples.mjs", {good_secret})) {
    std::istringstream words(line);
    std::string name, signature, encoded;
    words >> name >> signature >> encoded;
    events.insert(name);
    const auto answer = deliver({.event = name,
                                 .number = ++number,
                                 .body = testing::decode_base64(encoded),
                                 .headers = {{"X-Hub-Signature-256", signature}}});
    EXPECT_EQ(answer.status, name == "ping" ? 200 : 202) << name << answer.body;
  }
  EXPECT_EQ(number, 329);
  EXPECT_EQ(deliveries(), 329);
  EXPECT_EQ(uploads(), 0) << "none of them is of the blog's repository";
  EXPECT_EQ(value("select count(*) from delivery where verdict = 'rejected'"), "0");
}

TEST_F(WebhooksTest, AcceptsALargePush) {
  start();
  EXPECT_EQ(deliver({.body = push_payload({.padding_bytes = 24'000'000})}).status, 202);
  EXPECT_EQ(deliver({.number = 2, .body = push_payload({.padding_bytes = 27'000'000})}).status,
            413);
  EXPECT_EQ(uploads(), 1);
  EXPECT_GT(std::stol(value("select length(body) from delivery")), 24'000'000);
}

}  // namespace webhooks_test
}  // namespace devy::daemon
