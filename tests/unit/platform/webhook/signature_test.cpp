// Signatures, against the example of GitHub's own documentation, and the ways to forge one.
#include "core/platform/webhook/signature.hpp"

#include <gtest/gtest.h>

#include "core/platform/base/time_text.hpp"

namespace devy::webhook {
namespace signature_test {

constexpr std::string_view body = "Hello, World!";
constexpr std::string_view known_mac =
    "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

base::TimePoint at(std::string_view text) {
  return base::parse_rfc3339(text).value();
}
const base::TimePoint now = at("2026-05-01T12:00:00Z");

class Signature : public ::testing::Test {
 protected:
  Signature() { add("github", "It's a Secret to Everybody"); }

  SigningSecret& add(std::string id, std::string secret) {
    SigningSecret entry;
    entry.id = std::move(id);
    entry.secret = base::Secret(std::move(secret));
    secrets_.push_back(std::move(entry));
    return secrets_.back();
  }
  // The id of the secret that fits, or "none".
  std::string signer(std::string_view signature, std::optional<std::int64_t> target = {},
                     std::string_view signed_body = body) {
    const auto* found = find_signer(secrets_, signed_body, signature, target, now);
    return found == nullptr ? "none" : found->id;
  }

  std::vector<SigningSecret> secrets_;
};

TEST_F(Signature, MatchesTheSignatureOfGithub) {
  EXPECT_EQ(sign(body, secrets_[0].secret), "sha256=" + std::string(known_mac));
  EXPECT_EQ(signer("sha256=" + std::string(known_mac)), "github");
}

TEST_F(Signature, AcceptsUpperCaseDigits) {
  EXPECT_EQ(signer("sha256=757107EA0EB2509FC211221CCE984B8A37570B6D7586C22C46F4379C8B043E17"),
            "github");
}

TEST_F(Signature, RefusesWhatIsMissingMalformedOrWrong) {
  const std::string mac(known_mac);
  EXPECT_EQ(signer(""), "none");
  EXPECT_EQ(signer("sha256="), "none");
  EXPECT_EQ(signer(mac), "none");
  EXPECT_EQ(signer("sha1=" + mac), "none");
  EXPECT_EQ(signer("SHA256=" + mac), "none");
  EXPECT_EQ(signer("sha256=" + mac.substr(1)), "none");
  EXPECT_EQ(signer("sha256=" + mac + "0"), "none");
  EXPECT_EQ(signer("sha256= " + mac.substr(1)), "none");
  EXPECT_EQ(signer("sha256=g" + mac.substr(1)), "none");
  EXPECT_EQ(signer("sha256=0" + mac.substr(1)), "none");
  EXPECT_EQ(signer("sha256=" + std::string(64, '0')), "none");
  EXPECT_EQ(signer("sha256=" + mac, {}, "Hello, World?"), "none");
}

TEST_F(Signature, AcceptsTheOldAndTheNewSecretDuringAReplacement) {
  add("next", "another secret of thirty-two bytes");
  EXPECT_EQ(signer(sign(body, secrets_[0].secret)), "github");
  EXPECT_EQ(signer(sign(body, secrets_[1].secret)), "next");
}

TEST_F(Signature, RefusesASecretFromItsEndOn) {
  const auto signature = sign(body, secrets_[0].secret);
  secrets_[0].ends_at = now + std::chrono::microseconds(1);
  EXPECT_EQ(signer(signature), "github");
  secrets_[0].ends_at = now;
  EXPECT_EQ(signer(signature), "none");
}

TEST_F(Signature, TriesARepositorysSecretForThatRepositoryAlone) {
  add("notes", "the secret of one repository only").scope = Scope::of_repository(42);
  const auto signature = sign(body, secrets_[1].secret);
  EXPECT_EQ(signer(signature, 42), "notes");
  EXPECT_EQ(signer(signature, 43), "none");
  EXPECT_EQ(signer(signature), "none");
}

TEST_F(Signature, RefusesAnEmptySecret) {
  secrets_.clear();
  add("empty", "");
  EXPECT_EQ(signer(sign(body, secrets_[0].secret)), "none");
}

TEST_F(Signature, LimitsTheSecretsThatItTries) {
  while (secrets_.size() < candidates_max + 1)
    add("s" + std::to_string(secrets_.size()), "secret " + std::to_string(secrets_.size()));
  EXPECT_EQ(signer(sign(body, secrets_[candidates_max - 1].secret)),
            "s" + std::to_string(candidates_max - 1));
  EXPECT_EQ(signer(sign(body, secrets_[candidates_max].secret)), "none");
}

}  // namespace signature_test
}  // namespace devy::webhook
