#include "daemon/web/publishing_connect_form.hpp"

#include <gtest/gtest.h>

namespace devy::daemon {
namespace publishing_connect_form_test {

std::string read(std::string_view text, const std::string& host = "github.com") {
  config::Github github;
  github.host = host;
  return typed_repository(text, github).value_or("none");
}

TEST(ConnectFormTest, ReadsARepositoryAsPeopleWriteIt) {
  for (const auto* text : {"ada/notes", "https://github.com/ada/notes", "github.com/ada/notes",
                           "https://github.com/ada/notes.git", "https://github.com/ada/notes/"})
    EXPECT_EQ(read(text), "ada/notes") << text;
  EXPECT_EQ(read("https://code.example/ada/my.notes", "code.example"), "ada/my.notes");
}

TEST(ConnectFormTest, RefusesWhatIsNoRepository) {
  for (const auto* text : {"", "notes", "ada/", "/notes", "ada/notes/tree/main", "ada/..",
                           "https://elsewhere.example/ada/notes", "ada/no tes", "../../user",
                           "ada/notes?x=1", "ada/notes#1", "ada%2Fnotes/x"})
    EXPECT_EQ(read(text), "none") << text;
  EXPECT_EQ(read("ada/" + std::string(300, 'x')), "none");
}

TEST(ConnectFormTest, MakesASlugOfARepositorysName) {
  EXPECT_EQ(slug_of_repository("My.Notes_2"), "my-notes-2");
  EXPECT_EQ(slug_of_repository("--a--b--"), "a-b");
  EXPECT_EQ(slug_of_repository("..."), "");
  EXPECT_EQ(slug_of_repository(std::string(100, 'x')), std::string(63, 'x'));
}

TEST(ConnectFormTest, KnowsNamesOfBranches) {
  for (const auto* name : {"main", "feature/a-b", "v1.2", "ü"})
    EXPECT_TRUE(is_branch_name(name)) << name;
  for (const auto* name : {"", "-x", "/x", "x/", "a..b", "a//b", "a b", "a:b", "a.lock", ".a",
                           "a/.b", "a@{b", "a\\b", "a.", "a\x7f"})
    EXPECT_FALSE(is_branch_name(name)) << name;
}

}  // namespace publishing_connect_form_test
}  // namespace devy::daemon
