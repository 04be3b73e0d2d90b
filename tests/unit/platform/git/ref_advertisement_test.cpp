#include "core/platform/git/ref_advertisement.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>

namespace devy::git {
namespace ref_advertisement_test {

const std::string commit(40, 'a');
const std::string other(40, 'b');

std::string packet(const std::string& line) {
  std::array<char, 5> length{};
  std::snprintf(length.data(), length.size(), "%04zx", line.size() + 4);
  return length.data() + line;
}

std::string advertisement(const std::string& first, const std::string& capabilities,
                          const std::string& rest = {}) {
  return packet("# service=git-upload-pack\n") + "0000" +
         packet(first + std::string(1, '\0') + capabilities + "\n") + rest + "0000";
}

TEST(RefAdvertisement, ReadsBranchesHeadAndCapabilities) {
  const auto refs = parse_advertisement(advertisement(
      commit + " HEAD", "multi_ack symref=HEAD:refs/heads/trunk allow-reachable-sha1-in-want",
      packet(commit + " refs/heads/trunk\n") + packet(other + " refs/heads/x/y\n") +
          packet(other + " refs/tags/v1\n") + packet(commit + " refs/tags/v1^{}\n")));
  ASSERT_TRUE(refs);
  EXPECT_EQ(refs->head_branch, "trunk");
  EXPECT_EQ(refs->refs.size(), 3U);
  ASSERT_NE(refs->find_branch("x/y"), nullptr);
  EXPECT_EQ(refs->find_branch("x/y")->commit.hex(), other);
  EXPECT_EQ(refs->find_branch("y"), nullptr);
  EXPECT_TRUE(refs->allows_reachable_commits);
  EXPECT_FALSE(refs->allows_tip_commits);
}

TEST(RefAdvertisement, GuessesTheHeadOfAnOldServer) {
  const auto refs = parse_advertisement(
      advertisement(commit + " HEAD", "ofs-delta",
                    packet(commit + " refs/heads/a\n") + packet(commit + " refs/heads/main\n")));
  ASSERT_TRUE(refs);
  EXPECT_EQ(refs->head_branch, "main");
}

TEST(RefAdvertisement, KnowsNamesThatAreLonger) {
  const std::string capabilities = "ofs-delta object-format=sha256";
  for (const auto& first :
       {std::string(64, 'a') + " HEAD", std::string(64, '0') + " capabilities^{}"})
    EXPECT_EQ(parse_advertisement(advertisement(first, capabilities)).value().object_format,
              "sha256");
  EXPECT_EQ(parse_advertisement(advertisement(commit + " HEAD", "ofs-delta object-format=sha1"))
                .value()
                .object_format,
            "sha1");
  EXPECT_EQ(parse_advertisement(advertisement(commit + " HEAD", "ofs-delta")).value().object_format,
            "sha1");
}

TEST(RefAdvertisement, ReadsAnEmptyRepository) {
  const auto without = parse_advertisement(packet("# service=git-upload-pack\n") + "00000000");
  ASSERT_TRUE(without);
  EXPECT_TRUE(without->refs.empty());
  const auto with =
      parse_advertisement(advertisement(std::string(40, '0') + " capabilities^{}", "x"));
  ASSERT_TRUE(with);
  EXPECT_TRUE(with->refs.empty());
}

TEST(RefAdvertisement, DropsInvalidNames) {
  for (const auto* name : {"refs/heads/*", "refs/heads/a:refs/heads/b", "refs/heads/a..b",
                           "refs/heads/a b", "refs/heads/\x01", "refs/heads/\xff", "main"}) {
    const auto refs =
        parse_advertisement(advertisement(commit + " HEAD", "", packet(commit + " " + name)));
    ASSERT_TRUE(refs) << name;
    EXPECT_TRUE(refs->refs.empty()) << name;
  }
}

TEST(RefAdvertisement, RefusesWhatIsNoAdvertisement) {
  for (const auto& bytes :
       {std::string(), std::string("<html>"), std::string("ffff"), std::string("0003"),
        packet("# service=git-receive-pack\n"), packet("# service=git-upload-pack\n") + "zzzz",
        packet("# service=git-upload-pack\n") + "0000" + packet("no id"),
        packet("# service=git-upload-pack\n") + "00ff" + commit})
    EXPECT_FALSE(parse_advertisement(bytes)) << bytes;
}

}  // namespace ref_advertisement_test
}  // namespace devy::git
