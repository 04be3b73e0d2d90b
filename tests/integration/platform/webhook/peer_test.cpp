// Every payload of @octokit/webhooks-examples, signed by @octokit/webhooks-methods.
#include <gtest/gtest.h>

#include <map>
#include <sstream>

#include "core/platform/webhook/event.hpp"
#include "core/platform/webhook/signature.hpp"
#include "tests/support/process/peer.hpp"

namespace devy::webhook {
namespace peer_test {

constexpr const char* secret = "a secret of the peer, long enough for all";

TEST(WebhookPeer, AgreesOnSignaturesAndEveryPayload) {
  std::vector<SigningSecret> secrets(1);
  secrets[0].id = "peer";
  secrets[0].secret = base::Secret(secret);
  std::map<std::string, int> read;
  int branches = 0;
  for (const auto& line : testing::run_peer("webhook_examples.mjs", {secret})) {
    std::istringstream words(line);
    std::string name, signature, encoded;
    words >> name >> signature >> encoded;
    const auto body = testing::decode_base64(encoded);
    EXPECT_EQ(sign(body, secrets[0].secret), signature);
    EXPECT_NE(find_signer(secrets, body, signature, {}, {}), nullptr);
    const auto event = parse_event(name, body);
    EXPECT_EQ(event.name, name);
    ++read[name];
    if (const auto* push = std::get_if<Push>(&event.what)) branches += push->branch.empty() ? 0 : 1;
    // What acts on a repository must know which.
    EXPECT_TRUE(event.repository || !std::holds_alternative<RepositoryChanged>(event.what));
  }
  EXPECT_EQ(read.size(), 58U);
  EXPECT_EQ(read.at("push"), 7);
  EXPECT_EQ(branches, 2);
}

}  // namespace peer_test
}  // namespace devy::webhook
