#include "core/gists/scanning/comparison.hpp"

#include <gtest/gtest.h>

namespace devy::scanning {
namespace comparison_test {

ListedFile listed(const std::string& name, const std::string& blob) {
  ListedFile file;
  file.filename = name;
  file.blob = blob;
  return file;
}

gists::KnownGist known(std::vector<std::pair<std::string, std::string>> files) {
  gists::KnownGist gist;
  for (auto& [name, blob] : files)
    gist.files.push_back({gists::FileId::trusted("id of " + name), name, blob});
  return gist;
}

TEST(Comparison, FindsWhatIsNewInAGist) {
  const auto before = known({{"same", "1"}, {"edited", "2"}, {"gone", "3"}, {"old name", "4"}});
  const auto found = compare(&before, {listed("same", "1"), listed("edited", "9"),
                                       listed("new name", "4"), listed("added", "8")});
  ASSERT_EQ(found.added, std::vector<std::size_t>{3});
  ASSERT_EQ(found.changed.size(), 1U);
  EXPECT_EQ(found.changed[0].file.text(), "id of edited");
  ASSERT_EQ(found.renamed.size(), 1U);
  EXPECT_EQ(found.renamed[0].file.text(), "id of old name");
  ASSERT_EQ(found.removed.size(), 1U);
  EXPECT_EQ(found.removed[0].text(), "id of gone");
  EXPECT_EQ(found.same.size(), 1U);
}

// A copy is no new name: the first is still there.
TEST(Comparison, TakesACopyForANewFile) {
  const auto before = known({{"a", "1"}});
  const auto found = compare(&before, {listed("a", "1"), listed("b", "1")});
  EXPECT_EQ(found.added, std::vector<std::size_t>{1});
  EXPECT_TRUE(found.renamed.empty());
}

TEST(Comparison, TrustsTheTimeWhereTheListShowsNotEverything) {
  auto before = known({{"a", "1"}});
  ListedGist gist;
  gist.files = {listed("a", "1")};
  gist.updated_at = before.updated_at + std::chrono::seconds(1);
  EXPECT_TRUE(is_unchanged(&before, gist)) << "a comment moves the time, too";
  gist.is_truncated = true;
  EXPECT_FALSE(is_unchanged(&before, gist));
  gist.is_truncated = false;
  before.is_gone = true;
  EXPECT_FALSE(is_unchanged(&before, gist)) << "its contents are to be fetched again";
  EXPECT_FALSE(is_unchanged(nullptr, gist));
}

}  // namespace comparison_test
}  // namespace devy::scanning
