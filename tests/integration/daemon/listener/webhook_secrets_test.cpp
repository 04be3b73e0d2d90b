// The secrets that deliveries are signed with: until when each is good, and for what.
#include <sys/stat.h>

#include "core/platform/base/error.hpp"
#include "tests/integration/daemon/listener/listener_fixture.hpp"

namespace devy::daemon {
namespace webhook_secrets_test {

using testing::push_payload;

class WebhookSecrets : public ListenerTest {
 protected:
  long deliveries() const { return std::stol(value("select count(*) from delivery")); }
};

TEST_F(WebhookSecrets, AcceptsARepositorysOwnSecretForThatRepositoryOnly) {
  const std::string own = "the secret of one repository's own hook";
  config_.webhook.secrets = {"own " + secret_file("own", own) + " for 42"};
  start();
  const testing::RawHeaders target{{"X-GitHub-Hook-Installation-Target-Type", "repository"},
                                   {"X-GitHub-Hook-Installation-Target-ID", "42"}};
  EXPECT_EQ(deliver({.headers = target, .secret = own}).status, 202);
  const auto foreign = push_payload({.repository = {.id = 43, .name = "other"}});
  EXPECT_EQ(deliver({.number = 2, .body = foreign, .headers = target, .secret = own}).status, 401);
  EXPECT_EQ(deliver({.number = 3, .secret = own}).status, 401);
  // H3 of the review: its own repository, and others in the same payload.
  const std::string others =
      R"({"action":"removed","installation":{"id":5},"repository":{"id":42},)"
      R"("repositories_added":[],"repositories_removed":[{"id":111}]})";
  EXPECT_EQ(deliver({.event = "installation_repositories",
                     .number = 4,
                     .body = others,
                     .headers = target,
                     .secret = own})
                .status,
            401);
  EXPECT_EQ(deliveries(), 1);
}

TEST_F(WebhookSecrets, AcceptsEveryEventSignedWithTheAppsSecret) {
  const std::string app = "the webhook secret of our GitHub App";
  config_.webhook.secrets = {"app " + secret_file("app", app) + " until 2999-01-01T00:00:00Z app"};
  start();
  EXPECT_EQ(deliver({.secret = app}).status, 202);
  EXPECT_EQ(deliver({.event = "installation_repositories",
                     .number = 2,
                     .body = R"({"action":"added","installation":{"id":5},)"
                             R"("repositories_added":[{"id":42}]})",
                     .secret = app})
                .status,
            202);
  EXPECT_EQ(value("select string_agg(distinct scope, ' ') from delivery"), "app");
}

// L2 of the review: the GUID is not signed, and tells nobody what another's delivery brought.
TEST_F(WebhookSecrets, RefusesTheGuidOfAnotherDelivery) {
  start();
  EXPECT_EQ(deliver().status, 202);
  const auto foreign = deliver({.body = push_payload({.repository = {.id = 43, .name = "other"}})});
  EXPECT_EQ(foreign.status, 409);
  EXPECT_EQ(foreign.body.find(value("select operation_id from upload")), std::string::npos);
  EXPECT_EQ(deliveries(), 1);
}

TEST_F(WebhookSecrets, AcceptsOldAndNewSecretsUntilTheOldOneEnds) {
  const std::string next = "the next secret, for when one is replaced";
  config_.webhook.secrets = {
      "old " + secret_file("old", good_secret) + " until 2000-01-01T00:00:00Z",
      "next " + secret_file("next", next) + " until 2999-01-01T00:00:00Z"};
  start();
  EXPECT_EQ(deliver().status, 401);
  EXPECT_EQ(deliver({.secret = next}).status, 202);
}

TEST_F(WebhookSecrets, RefusesSecretsThatAreShortOrReadableByOthers) {
  config_.webhook.secrets = {"short " + secret_file("short", "too short")};
  EXPECT_THROW(start(), base::Error);
  const auto key = secret_file("key", "-----BEGIN OPENSSH PRIVATE KEY-----");
  const auto open = secret_file("open", good_secret);
  ::chmod(open.c_str(), 0644);
  for (const auto& entry :
       {"open " + open, "key " + key, std::string("x relative/path"), "x " + (folder_ / "nothing"),
        "x " + (folder_ / "secret") + " until then", "x " + (folder_ / "secret") + " for notes",
        "x " + (folder_ / "secret") + " app for 42", "x " + (folder_ / "secret") + " for 42 app"}) {
    config_.webhook.secrets = {entry};
    EXPECT_THROW(start(), base::Error) << entry;
  }
}

}  // namespace webhook_secrets_test
}  // namespace devy::daemon
