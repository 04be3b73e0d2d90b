#include "core/platform/base/secret.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <new>
#include <string>

#include "core/platform/base/error.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::base {
namespace secret_test {

// Short ones lie in the object itself, where a test may look.
TEST(Secret, IsWipedWhenItGoes) {
  const std::string text = "hunter2";
  alignas(Secret) std::array<char, 2 * sizeof(Secret)> storage{};
  const auto has_it = [&] {
    return std::string_view(storage.data(), storage.size()).find(text) != std::string_view::npos;
  };
  auto* const first = new (storage.data()) Secret(text);
  EXPECT_TRUE(has_it());
  auto* const second = new (storage.data() + sizeof(Secret)) Secret(std::move(*first));
  EXPECT_EQ(std::string_view(storage.data(), sizeof(Secret)).find(text), std::string_view::npos);
  EXPECT_EQ(second->reveal(), text);
  *second = Secret("another");
  EXPECT_FALSE(has_it());
  second->~Secret();
  first->~Secret();
  EXPECT_EQ(std::string_view(storage.data(), storage.size()).find("another"),
            std::string_view::npos);
}

TEST(Redact, HidesWhatLooksLikeACredential) {
  for (const std::string secret :
       {"ghp_0123456789abcdefghijABCDEFGHIJ012345", "ghs_0123456789abcdefghijABCDEFGHIJ012345",
        "github_pat_11ABCDEFG0123456789_abcdefghijklmnopqrstuvwxyz"}) {
    const auto text = redact("failed with " + secret + " today");
    EXPECT_EQ(text.find(secret.substr(8)), std::string::npos) << text;
    EXPECT_TRUE(text.ends_with(" today")) << text;
  }
  EXPECT_EQ(redact("Authorization: Bearer abc.def.ghi").find("abc.def"), std::string::npos);
  const auto url = redact("at https://user:hunter2@example.com/a.git");
  EXPECT_EQ(url.find("hunter2"), std::string::npos) << url;
  EXPECT_NE(url.find("example.com/a.git"), std::string::npos) << url;
}

TEST(Redact, LeavesTheRest) {
  const std::string text = "unable to fetch 'https://github.com/a/b': authentication required";
  EXPECT_EQ(redact(text), text);
}

class SecretFile : public ::testing::Test {
 protected:
  std::string write(const std::string& text, mode_t mode) {
    const auto path = folder_ / "token";
    testing::write_text(path, text);
    chmod(path.c_str(), mode);
    return path;
  }

  testing::TempFolder folder_;
};

TEST_F(SecretFile, ReadsTheFirstLineWithoutItsEnd) {
  EXPECT_EQ(read_secret_file(write("secret\nmore\n", 0600)).reveal(), "secret");
  EXPECT_EQ(read_secret_file(write("secret\r\n", 0640)).reveal(), "secret");
}

TEST_F(SecretFile, ReadsAWholeDocument) {
  EXPECT_EQ(read_secret_document(write("a key\nof lines\n", 0600)).reveal(), "a key\nof lines\n");
  EXPECT_THROW(static_cast<void>(read_secret_document(write("a key\n", 0644))), Error);
  EXPECT_THROW(static_cast<void>(read_secret_document(write("", 0600))), Error);
  EXPECT_THROW(static_cast<void>(read_secret_document(write(std::string(70'000, 'a'), 0600))),
               Error);
}

TEST_F(SecretFile, RefusesWhatOthersCanRead) {
  EXPECT_THROW(static_cast<void>(read_secret_file(write("secret\n", 0644))), Error);
}

TEST_F(SecretFile, RefusesMissingAndEmpty) {
  EXPECT_THROW(static_cast<void>(read_secret_file(folder_ / "none")), Error);
  EXPECT_THROW(static_cast<void>(read_secret_file(write("", 0600))), Error);
}

TEST_F(SecretFile, SaysWhoseAFileIsThatCannotBeRead) {
  if (::geteuid() != 0) GTEST_SKIP() << "wants root";
  const auto path = write("secret\n", 0600);
  ASSERT_EQ(::chmod(folder_.path().c_str(), 0755), 0);
  std::string text, hint;
  ASSERT_EQ(::seteuid(65534), 0);
  try {
    static_cast<void>(read_secret_file(path));
  } catch (const Error& error) {
    text = error.text();
    hint = error.hint();
  }
  ASSERT_EQ(::seteuid(0), 0);
  EXPECT_EQ(text,
            "unable to read secret file '" + path + "': Permission denied; it belongs to user 0");
  EXPECT_NE(hint.find("chown"), std::string::npos);
}

}  // namespace secret_test
}  // namespace devy::base
