#include "core/publishing/markdown/emoji.hpp"

#include <gtest/gtest.h>

#include <string>

#include "embedded/emoji_txt.hpp"

namespace devy::markdown {
namespace emoji_test {

std::string replaced(std::string_view text) {
  return with_emoji(text).value_or("(as it was)");
}

TEST(Emoji, FindsEveryNameOfTheTable) {
  std::size_t names = 0;
  std::string_view rest = embedded::emoji_txt;
  while (!rest.empty()) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(line.size() + 1);
    if (line.starts_with('#')) continue;
    ++names;
    const auto space = line.find(' ');
    ASSERT_NE(space, std::string_view::npos);
    EXPECT_EQ(find_emoji(line.substr(0, space)), line.substr(space + 1)) << line;
  }
  EXPECT_GT(names, 1'800U);
}

TEST(Emoji, FindsNothingElse) {
  for (const char* name : {"", "#", "octo", "tad", "tadaa", "TADA", "zzzz", "!", "+", "Copyright"})
    EXPECT_EQ(find_emoji(name), "") << name;
}

TEST(Emoji, IsReplacedInText) {
  EXPECT_EQ(replaced(":tada:"), "🎉");
  EXPECT_EQ(replaced("a :tada: b :+1:"), "a 🎉 b 👍");
  EXPECT_EQ(replaced(":stuck_out_tongue:"), "😛");
  EXPECT_EQ(replaced("uses:slots:package:"), "uses:slots📦");
  EXPECT_EQ(replaced(":tada::tada:"), "🎉🎉");
  EXPECT_EQ(replaced("::tada::"), ":🎉:");
  EXPECT_EQ(replaced("10:30:tada:45"), "10:30🎉45");
}

TEST(Emoji, ShowsTheNameWhereOnlyGitHubHasAPicture) {
  EXPECT_EQ(replaced(":octocat: :shipit:"), "octocat shipit");
  EXPECT_EQ(replaced(":trollface:"), "trollface");
}

TEST(Emoji, StaysTextWhenTheNameIsUnknown) {
  for (const char* text : {"", "plain", "a: b", ":octocats:", ":tada", "tada:", ": tada :",
                           ":Tada:", "12:30:45", "std::vector::size", ":", "::", ":::"})
    EXPECT_FALSE(with_emoji(text)) << text;
  EXPECT_FALSE(with_emoji(":" + std::string(1'000, 'a') + ":"));
}

}  // namespace emoji_test
}  // namespace devy::markdown
