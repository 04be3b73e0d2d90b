// An App's tokens: judged by jose, by our own verification, and by how often GitHub is asked.
#include "core/platform/github/app.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <sstream>

#include "core/platform/base/error.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/platform/github/access.hpp"
#include "core/platform/token/claims.hpp"
#include "tests/support/github/rsa_key.hpp"
#include "tests/support/hand_clock.hpp"
#include "tests/support/http/scripted_transport.hpp"
#include "tests/support/process/peer.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::github {
namespace app_test {

using testing::ScriptedTransport;

constexpr std::chrono::seconds start{1'800'000'000};

class GithubApp : public ::testing::Test {
 protected:
  GithubApp() { testing::write_text(folder_ / "public.pem", key_.public_pem); }

  http::Response answer(const http::Request& request) {
    if (request.url.ends_with("/installation")) return {200, {}, R"({"id":42})"};
    const auto ends_at = base::format_rfc3339(clock_.now() + std::chrono::hours(1));
    return {
        201,
        {},
        R"({"token":"ghs_)" + std::to_string(++issued_) + R"(","expires_at":")" + ends_at + "\"}"};
  }
  std::size_t requests() const { return transport_.requests.size(); }

  testing::TempFolder folder_;
  const testing::RsaKey& key_ = testing::rsa_key();
  testing::HandClock clock_{base::TimePoint(start)};
  int issued_ = 0;
  ScriptedTransport transport_{[this](const auto& request) { return answer(request); }};
  Client client_{transport_, "https://api.example", clock_};
  App app_{"12345", token::Signer::from_pem(key_.private_pem), client_, clock_};
};

TEST_F(GithubApp, SignsWhatOthersVerify) {
  const auto lines = testing::run_peer(
      "verify_app_token.mjs",
      {folder_ / "public.pem", std::string(app_.bearer().reveal()), std::to_string(start.count())});
  EXPECT_EQ(lines, std::vector<std::string>{"RS256 12345 600"});
}

TEST_F(GithubApp, SignsWhatOurOwnVerificationAccepts) {
  const auto signer = token::Signer::from_pem(key_.private_pem);
  token::NewToken token;
  token.issuer = "https://devy.example";
  token.audience = "devy-upload";
  token.subject = "alice";
  token.key_id = "app";
  token.issued_at = clock_.now();
  token.ends_at = clock_.now() + std::chrono::minutes(9);
  token::Keys keys;
  keys["app"] = std::make_shared<const token::Key>(
      token::Key::from_pem(key_.public_pem, token::Algorithm::rs256));
  const auto text = signer.sign(token);
  const token::Rules rules{"https://devy.example", "devy-upload"};
  EXPECT_EQ(token::verify(text, keys, rules, clock_.now()).subject, "alice");
  auto forged = text;
  forged[text.size() / 2] = forged[text.size() / 2] == 'A' ? 'B' : 'A';
  EXPECT_THROW(static_cast<void>(token::verify(forged, keys, rules, clock_.now())), base::Error);
}

TEST_F(GithubApp, RefusesInvalidKeys) {
  for (const auto& pem : {std::string(), std::string("-----BEGIN PRIVATE KEY-----\nAAAA\n"),
                          key_.public_pem, testing::rsa_key(1024).private_pem})
    try {
      static_cast<void>(token::Signer::from_pem(pem));
      ADD_FAILURE() << pem;
    } catch (const base::Error& error) {
      EXPECT_EQ(error.code(), "key_unusable");
    }
}

TEST_F(GithubApp, KeepsATokenUntilShortlyBeforeItsEnd) {
  EXPECT_EQ(app_.repository_bearer({5, 7}).reveal(), "ghs_1");
  EXPECT_EQ(app_.repository_bearer({5, 7}).reveal(), "ghs_1");
  EXPECT_EQ(requests(), 1U);
  EXPECT_EQ(transport_.requests[0].method, "POST");
  EXPECT_EQ(transport_.requests[0].url, "https://api.example/app/installations/5/access_tokens");
  clock_.pass(std::chrono::minutes(54));
  EXPECT_EQ(app_.repository_bearer({5, 7}).reveal(), "ghs_1");
  clock_.pass(std::chrono::minutes(2));
  EXPECT_EQ(app_.repository_bearer({5, 7}).reveal(), "ghs_2");
  EXPECT_EQ(app_.repository_bearer({5, 8}).reveal(), "ghs_3");
  app_.forget(8);
  EXPECT_EQ(app_.repository_bearer({5, 8}).reveal(), "ghs_4");
}

TEST_F(GithubApp, AsksForLessWhereItOnlyReads) {
  EXPECT_EQ(app_.reading_token({5, 7}).secret.reveal(), "ghs_1");
  EXPECT_EQ(app_.reading_token({5, 7}).secret.reveal(), "ghs_2");
  EXPECT_EQ(transport_.requests[0].body,
            R"({"repository_ids":[7],"permissions":{"contents":"read"}})");
  EXPECT_EQ(app_.repository_bearer({5, 7}).reveal(), "ghs_3");
  EXPECT_EQ(transport_.requests[2].body, R"({"repository_ids":[7]})");
}

TEST_F(GithubApp, SignsAgainBeforeGithubRefusesTheOldOne) {
  const std::string first(app_.bearer().reveal());
  EXPECT_EQ(app_.bearer().reveal(), first);
  clock_.pass(std::chrono::minutes(5));
  EXPECT_NE(app_.bearer().reveal(), first);
}

TEST_F(GithubApp, FindsTheInstallationOfARepository) {
  EXPECT_EQ(app_.installation_of("alice/notes"), 42);
  EXPECT_EQ(transport_.requests[0].url, "https://api.example/repos/alice/notes/installation");
}

TEST_F(GithubApp, ReadsTheConfiguredKeyFile) {
  config::Config config;
  config.github.api_url = "https://api.example";
  config.github.app_id = "12345";
  config.github.app_key_file = folder_ / "app.pem";
  testing::write_text(config.github.app_key_file, key_.private_pem);
  chmod(config.github.app_key_file.c_str(), 0644);
  EXPECT_THROW(Access(config, clock_), base::Error);
  chmod(config.github.app_key_file.c_str(), 0600);
  auto transport =
      std::make_unique<ScriptedTransport>([this](const auto& request) { return answer(request); });
  auto& seen = *transport;
  Access access(config, clock_, std::move(transport));
  Repository repository{"alice/notes", std::nullopt, 7};
  EXPECT_EQ(access.bearer_for(repository).reveal(), "ghs_1");
  EXPECT_EQ(repository.installation, 42);
  EXPECT_EQ(seen.requests.size(), 2U);
}

TEST_F(GithubApp, UsesATokenInsteadOfAnApp) {
  config::Config config;
  config.github.token_file = folder_ / "token";
  testing::write_text(config.github.token_file, "ghp_secret\n");
  chmod(config.github.token_file.c_str(), 0600);
  config.github.token_for = {"Alice"};
  Access access(config, clock_);
  Repository repository{"alice/notes", std::nullopt, 7};
  EXPECT_FALSE(access.is_app());
  EXPECT_EQ(access.bearer_for(repository).reveal(), "ghp_secret");
}

TEST_F(GithubApp, UsesATokenForNobodyElsesRepository) {
  config::Config config;
  config.github.token_file = folder_ / "token";
  testing::write_text(config.github.token_file, "ghp_secret\n");
  chmod(config.github.token_file.c_str(), 0600);
  config.github.token_for = {"alice/notes"};
  Access access(config, clock_);
  for (const auto* name : {"alice/other", "alice/notes2", "mallory/notes", "alic/e"}) {
    Repository repository{name, std::nullopt, 7};
    EXPECT_FALSE(access.is_for(name)) << name;
    EXPECT_THROW(static_cast<void>(access.bearer_for(repository)), base::Error) << name;
    EXPECT_EQ(access.asking_bearer(repository), nullptr) << name;
  }
}

// The token is for one repository by its id, whatever its address says: GitHub refuses the rest.
TEST_F(GithubApp, AsksForNoTokenWhileTheIdIsNotKnown) {
  config::Config config;
  config.github.api_url = "https://api.example";
  config.github.app_id = "12345";
  config.github.app_key_file = folder_ / "app.pem";
  testing::write_text(config.github.app_key_file, key_.private_pem);
  chmod(config.github.app_key_file.c_str(), 0600);
  auto transport =
      std::make_unique<ScriptedTransport>([this](const auto& request) { return answer(request); });
  auto& seen = *transport;
  Access access(config, clock_, std::move(transport));
  Repository repository{"alice/notes", std::nullopt, std::nullopt};
  try {
    static_cast<void>(access.bearer_for(repository));
    ADD_FAILURE();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "repository_unbound");
  }
  EXPECT_THROW(static_cast<void>(access.reading_token(repository)), base::Error);
  EXPECT_TRUE(seen.requests.empty());
  // To ask who it is, a token that can do nothing else.
  EXPECT_EQ(access.asking_bearer(repository)->reveal(), "ghs_1");
  EXPECT_EQ(seen.requests.at(1).body,
            R"({"repositories":["notes"],"permissions":{"metadata":"read"}})");
}

TEST_F(GithubApp, ReportsARepositoryThatTheInstallationDoesNotHave) {
  ScriptedTransport refusing([](const auto&) {
    return http::Response{422, {}, R"({"message":"not accessible to the parent installation"})"};
  });
  Client client(refusing, "https://api.example", clock_);
  App app{"12345", token::Signer::from_pem(key_.private_pem), client, clock_};
  try {
    static_cast<void>(app.repository_bearer({5, 7}));
    ADD_FAILURE();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.kind(), base::ErrorKind::not_found);
    EXPECT_EQ(error.code(), "app_not_installed");
  }
}

}  // namespace app_test
}  // namespace devy::github
