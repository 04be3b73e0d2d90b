#include <gtest/gtest.h>

#include "core/platform/base/safe_text.hpp"
#include "core/platform/github/access.hpp"
#include "core/platform/github/statuses.hpp"

namespace devy::github {
namespace status_text_test {

TEST(CutText, KeepsWhatFits) {
  EXPECT_EQ(cut_text("3 added", 140), "3 added");
  EXPECT_EQ(cut_text("", 140), "");
  EXPECT_EQ(cut_text(std::string(140, 'a'), 140), std::string(140, 'a'));
}

TEST(CutText, CutsAtCharacters) {
  EXPECT_EQ(cut_text(std::string(141, 'a'), 140), std::string(139, 'a') + "…");
  EXPECT_EQ(cut_text("ééééé", 4), "ééé…");
  EXPECT_EQ(cut_text("😀😀😀", 3), "😀😀😀");
}

TEST(CutText, ShowsControlCharacters) {
  const auto text = cut_text("a\r\nb\x1b[31m", 140);
  EXPECT_FALSE(base::has_control_character(text)) << text;
}

TEST(RepositoryName, IsKnownForTheHostOfTheApiOnly) {
  const config::Github settings;
  EXPECT_EQ(repository_name(settings, "https://github.com/alice/notes.git"), "alice/notes");
  EXPECT_EQ(repository_name(settings, "https://github.com/a-b/n.o_t"), "a-b/n.o_t");
  for (const auto* url :
       {"https://gitlab.com/alice/notes.git", "https://github.com.evil/alice/notes",
        "https://github.com/alice", "https://github.com/alice/notes/more", "file:///alice/notes",
        "https://github.com/alice/..", "https://github.com/a%2f/b", "alice/notes", ""})
    EXPECT_FALSE(repository_name(settings, url)) << url;
}

}  // namespace status_text_test
}  // namespace devy::github
