// Tokens that an independent implementation signed, right ones and every pitfall of RFC 8725.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "core/platform/base/error.hpp"
#include "core/platform/token/claims.hpp"
#include "core/platform/token/key_ring.hpp"
#include "tests/support/process/peer.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::token {
namespace peer_test {

struct Peer {
  std::map<std::string, std::string> algorithms, key_files, tokens, sets;
};

// Made once: three key pairs cost a second.
const Peer& peer() {
  static const Peer made = [] {
    Peer result;
    for (const auto& line : testing::run_peer("tokens.mjs")) {
      std::istringstream words(line);
      std::string kind, name, third, fourth;
      words >> kind >> name >> third >> fourth;
      if (kind == "token") {
        result.tokens[name] = third;
      } else if (kind == "key") {
        result.algorithms[name] = third;
        result.key_files[name] = testing::decode_base64(fourth);
      } else {
        result.sets[kind] = testing::decode_base64(name);
      }
    }
    return result;
  }();
  return made;
}

class TokenVerification : public ::testing::Test {
 protected:
  static Keys keys() {
    Keys keys;
    for (const auto* id : {"rsa", "ec"})
      keys[id] = std::make_shared<const Key>(
          Key::from_pem(peer().key_files.at(id), *parse_algorithm(peer().algorithms.at(id))));
    keys["shared"] =
        std::make_shared<const Key>(Key::from_secret(base::Secret(peer().key_files.at("shared"))));
    return keys;
  }
  // The subject, or the error's code.
  static std::string verdict(const std::string& token, const Keys& with = keys()) {
    try {
      return verify(token, with, {"https://devy.example", "devy-upload"},
                    base::system_clock().now())
          .subject;
    } catch (const base::Error& error) {
      EXPECT_EQ(error.kind(), base::ErrorKind::denied);
      return error.code();
    }
  }
  static std::string verdict_of(const std::string& name) { return verdict(peer().tokens.at(name)); }

  void write(const std::string& path, const std::string& text) const {
    // As editors and secret stores do it: a new file in the old one's place.
    std::ofstream(folder_ / "new") << text;
    std::filesystem::rename(folder_ / "new", path);
  }

  testing::TempFolder folder_;
};

TEST_F(TokenVerification, AcceptsEveryAlgorithm) {
  for (const auto* name : {"rsa", "ec", "shared", "audiences", "expired_within_leeway"})
    EXPECT_EQ(verdict_of(name), "alice") << name;
}

TEST_F(TokenVerification, RefusesAMissingOrForeignSignature) {
  EXPECT_EQ(verdict_of("none"), "token_algorithm");
  EXPECT_EQ(verdict_of("None"), "token_algorithm");
  EXPECT_EQ(verdict_of("confused"), "token_algorithm");
  EXPECT_EQ(verdict_of("other_algorithm"), "token_algorithm");
  EXPECT_EQ(verdict_of("wrong_key"), "token_signature");
  EXPECT_EQ(verdict_of("own_key"), "token_signature");
  EXPECT_EQ(verdict_of("other"), "token_key");
}

TEST_F(TokenVerification, FindsTheKeyOnlyByItsId) {
  EXPECT_EQ(verdict_of("no_kid"), "token_key");
  EXPECT_EQ(verdict_of("unknown_kid"), "token_key");
  EXPECT_EQ(verdict_of("path_kid"), "token_key");
  for (const auto& id :
       {std::string(), std::string(65, 'a'), std::string("a.b"), std::string("a/b")})
    EXPECT_FALSE(is_key_id(id)) << id;
  EXPECT_TRUE(is_key_id(std::string(64, 'a')));
  // Where it says that its key can be had is not looked at.
  EXPECT_EQ(verdict_of("addressed"), "alice");
  EXPECT_EQ(verdict_of("addressed_elsewhere"), "token_signature");
  auto ended = keys();
  auto key = Key::from_pem(peer().key_files.at("rsa"), Algorithm::rs256);
  key.ends_at = base::system_clock().now();
  ended["rsa"] = std::make_shared<const Key>(std::move(key));
  EXPECT_EQ(verdict(peer().tokens.at("rsa"), ended), "token_key");
}

TEST_F(TokenVerification, RefusesTokensOfAnotherKind) {
  EXPECT_EQ(verdict_of("crit"), "token_algorithm");
  EXPECT_EQ(verdict_of("other_type"), "token_algorithm");
}

TEST_F(TokenVerification, RefusesANameThatOccursTwice) {
  EXPECT_EQ(verdict_of("twice_header"), "token_malformed");
  EXPECT_EQ(verdict_of("twice_claim"), "token_malformed");
}

TEST_F(TokenVerification, LimitsTheLifeOfAToken) {
  EXPECT_EQ(verdict_of("expired"), "token_expired");
  for (const auto* name : {"future", "not_before", "too_long", "backwards", "text_exp"})
    EXPECT_EQ(verdict_of(name), "token_claims") << name;
  EXPECT_EQ(verdict_of("endless").substr(0, 6), "token_");
}

TEST_F(TokenVerification, ChecksIssuerAudienceAndSubject) {
  for (const auto* name : {"no_iss", "no_aud", "no_sub", "no_iat", "no_exp", "other_issuer",
                           "other_audience", "empty_subject"})
    EXPECT_EQ(verdict_of(name), "token_claims") << name;
}

TEST_F(TokenVerification, ReadsAnIdThatCanBeDenied) {
  const Rules rules{"https://devy.example", "devy-upload"};
  const auto now = base::system_clock().now();
  EXPECT_EQ(verify(peer().tokens.at("jti"), keys(), rules, now).id,
            "5f2c9c1e-4b1d-4d8e-9d0a-0a6f7c1f2b3d");
  EXPECT_EQ(verify(peer().tokens.at("rsa"), keys(), rules, now).id, "");
  for (const auto* name : {"empty_jti", "number_jti", "long_jti", "odd_jti", "control_jti"})
    EXPECT_EQ(verdict_of(name), "token_claims") << name;
}

TEST_F(TokenVerification, RefusesAnyOtherSpelling) {
  const auto& token = peer().tokens.at("rsa");
  EXPECT_EQ(verdict(token), "alice");
  EXPECT_EQ(verdict_of("long"), "token_malformed");
  for (const auto& other : {token + "=", token + ".", "." + token, token + " ", " " + token,
                            token.substr(0, token.rfind('.')), std::string(), std::string("..")})
    EXPECT_EQ(verdict(other).substr(0, 6), "token_") << other;
  // A change of any one character is noticed.
  for (std::size_t i = 0; i < token.size(); ++i) {
    auto changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_NE(verdict(changed), "alice") << i;
  }
}

TEST_F(TokenVerification, RefusesKeysOfAnotherKind) {
  const auto refused = [](const auto& make) {
    try {
      static_cast<void>(make());
      return false;
    } catch (const base::Error& error) {
      return error.kind() == base::ErrorKind::config;
    }
  };
  EXPECT_TRUE(refused([] { return Key::from_pem(peer().key_files.at("p384"), Algorithm::es256); }));
  EXPECT_TRUE(refused([] { return Key::from_pem(peer().key_files.at("rsa"), Algorithm::es256); }));
  EXPECT_TRUE(refused([] { return Key::from_pem(peer().key_files.at("rsa"), Algorithm::hs256); }));
  EXPECT_TRUE(refused([] { return Key::from_pem("-----BEGIN", Algorithm::rs256); }));
  EXPECT_TRUE(refused([] { return Key::from_secret(base::Secret("short")); }));
  // Everybody may know what is in such a file, and its first line is the same in all of them.
  EXPECT_TRUE(refused([] { return Key::from_secret(base::Secret(peer().key_files.at("rsa"))); }));
  EXPECT_TRUE(refused(
      [] { return Key::from_secret(base::Secret("-----BEGIN ENCRYPTED PRIVATE KEY-----")); }));
  EXPECT_TRUE(refused([] {
    return Key::from_secret(base::Secret("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO2Zz a@b"));
  }));
  EXPECT_TRUE(refused([] { return Key::from_rsa(std::string(128, '\xff'), "\x01\x00\x01"); }));
  EXPECT_TRUE(refused([] { return Key::from_p256(std::string(32, '\1'), std::string(32, '\1')); }));
}

TEST_F(TokenVerification, ReadsTheSetOfKeysAgainWhenItChanges) {
  const auto path = folder_ / "jwks.json";
  write(path, peer().sets.at("jwks"));
  KeyRing ring({}, path);
  base::MonotonicTime now{};
  const auto seen = [&](const std::string& name) {
    now += std::chrono::seconds(2);
    return verdict(peer().tokens.at(name), *ring.keys(now));
  };
  EXPECT_EQ(seen("rsa"), "alice");
  EXPECT_EQ(seen("ec"), "alice");
  EXPECT_EQ(seen("other"), "token_key");
  write(path, peer().sets.at("rotated"));
  EXPECT_EQ(seen("other"), "alice");
  EXPECT_EQ(seen("rsa"), "token_key");
  // Broken, or gone: what was good stays.
  write(path, "{");
  EXPECT_EQ(seen("other"), "alice");
  std::filesystem::remove(path);
  EXPECT_EQ(seen("other"), "alice");
  write(path, peer().sets.at("jwks"));
  EXPECT_EQ(seen("rsa"), "alice");
}

TEST_F(TokenVerification, RefusesPrivateKeysInTheSetOfKeys) {
  EXPECT_THROW(static_cast<void>(parse_jwks(peer().sets.at("private"))), base::Error);
  EXPECT_THROW(static_cast<void>(parse_jwks("{}")), base::Error);
  EXPECT_THROW(static_cast<void>(parse_jwks(R"({"keys":[{"kty":"oct","k":"AAAA","kid":"a"}]})")),
               base::Error);
  EXPECT_THROW(static_cast<void>(parse_jwks(R"({"keys":[],"keys":[]})")), base::Error);
  EXPECT_EQ(parse_jwks(peer().sets.at("jwks")).size(), 2U);
}

TEST_F(TokenVerification, ReadsKeysFromTheConfigurationToo) {
  std::ofstream(folder_ / "rsa.pem") << peer().key_files.at("rsa");
  std::ofstream(folder_ / "secret") << peer().key_files.at("shared");
  ::chmod((folder_ / "secret").c_str(), 0600);
  const std::string folder = folder_.path();
  KeyRing ring({"rsa RS256 " + folder + "/rsa.pem until 2999-01-01T00:00:00Z",
                "shared HS256 " + folder + "/secret"},
               "");
  EXPECT_EQ(verdict(peer().tokens.at("rsa"), *ring.keys({})), "alice");
  EXPECT_EQ(verdict(peer().tokens.at("shared"), *ring.keys({})), "alice");
  for (const std::string& entry :
       {"rsa " + folder + "/rsa.pem", "rsa none " + folder + "/rsa.pem",
        std::string("rsa RS256 rsa.pem"), "a/b RS256 " + folder + "/rsa.pem",
        "rsa RS256 " + folder + "/nothing", "rsa RS256 " + folder + "/rsa.pem until later",
        "rsa RS256 " + folder + "/rsa.pem until 2999-01-01T00:00:00Z and on"})
    EXPECT_THROW(KeyRing({entry}, ""), base::Error) << entry;
}

}  // namespace peer_test
}  // namespace devy::token
