#include "core/platform/token/sealing.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "core/platform/base/error.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::token {
namespace sealing_test {

template <class Act>
std::string code_of(const Act& act) {
  try {
    act();
    return "";
  } catch (const base::Error& error) {
    return error.code();
  }
}

SealingKey key(char byte) {
  return SealingKey(base::Secret(std::string(sealing_key_bytes, byte)));
}

class SealingTest : public ::testing::Test {
 protected:
  std::string file(const std::string& line, mode_t mode = 0600) {
    const auto path = folder_.path() + "/key";
    std::ofstream(path) << line;
    ::chmod(path.c_str(), mode);
    return path;
  }

  testing::TempFolder folder_;
};

TEST_F(SealingTest, OpensWhatItSealed) {
  for (const auto& text : {std::string(), std::string("gho_1"), std::string(4096, '\0')}) {
    const auto sealed = key('k').seal(text, "session 1");
    EXPECT_EQ(sealed.size(), text.size() + seal_bytes);
    EXPECT_EQ(key('k').open(sealed, "session 1").reveal(), text);
  }
  EXPECT_NE(key('k').seal("a", "p"), key('k').seal("a", "p"));  // another nonce
  EXPECT_EQ(key('k').seal("gho_secret", "p").find("gho_"), std::string::npos);
}

TEST_F(SealingTest, OpensNothingElse) {
  const auto sealed = key('k').seal("gho_1", "session 1");
  EXPECT_EQ(code_of([&] { (void)key('x').open(sealed, "session 1"); }), "seal_broken");
  EXPECT_EQ(code_of([&] { (void)key('k').open(sealed, "session 2"); }), "seal_broken");
  EXPECT_EQ(code_of([&] { (void)key('k').open("", "session 1"); }), "seal_broken");
  EXPECT_EQ(code_of([&] { (void)key('k').open(sealed.substr(1), "session 1"); }), "seal_broken");
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    auto changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_EQ(code_of([&] { (void)key('k').open(changed, "session 1"); }), "seal_broken") << i;
  }
}

TEST_F(SealingTest, MakesAKeyFileAndReadsIt) {
  const auto path = folder_.path() + "/new";
  make_key_file(path, base::system_random());
  struct stat info {};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  const auto sealed = SealingKey::from_file(path).seal("text", "p");
  EXPECT_EQ(SealingKey::from_file(path).open(sealed, "p").reveal(), "text");
  EXPECT_EQ(code_of([&] { make_key_file(path, base::system_random()); }), "conflict");
  EXPECT_EQ(SealingKey::from_file(path).open(sealed, "p").reveal(), "text");
  EXPECT_EQ(code_of([&] { make_key_file("/nowhere/key", base::system_random()); }), "config");
}

TEST_F(SealingTest, RefusesAFileThatIsNoKeyFile) {
  const std::string line = "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=\n";
  EXPECT_EQ(code_of([&] { (void)SealingKey::from_file(file(line)); }), "");
  EXPECT_EQ(code_of([&] { (void)SealingKey::from_file(file(line, 0640)); }), "key_file_unusable");
  EXPECT_EQ(code_of([&] { (void)SealingKey::from_file("/nowhere"); }), "key_file_unusable");
  for (const auto* bad : {"secret\n", "a2tr\n", "-----BEGIN PRIVATE KEY-----\n"})
    EXPECT_EQ(code_of([&] { (void)SealingKey::from_file(file(bad)); }), "key_file_unusable") << bad;
}

}  // namespace sealing_test
}  // namespace devy::token
