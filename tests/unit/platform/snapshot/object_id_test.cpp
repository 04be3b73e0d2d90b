#include "core/platform/snapshot/object_id.hpp"

#include <gtest/gtest.h>

#include "core/platform/snapshot/file_error.hpp"

namespace devy::snapshot {
namespace object_id_test {

TEST(ObjectId, ReadsWhatItWrites) {
  const std::string hex = "0123456789abcdef0123456789abcdef01234567";
  EXPECT_EQ(BlobId::parse(hex)->hex(), hex);
  EXPECT_EQ(BlobId::parse("0123456789ABCDEF0123456789ABCDEF01234567")->hex(), hex);
}

TEST(ObjectId, RefusesWhatIsNoAdvertisement) {
  EXPECT_FALSE(CommitId::parse(""));
  EXPECT_FALSE(CommitId::parse("0123"));
  EXPECT_FALSE(CommitId::parse(std::string(39, 'a') + "g"));
  EXPECT_FALSE(CommitId::parse(std::string(41, 'a')));
}

TEST(ObjectId, KnowsTheOneSpellingThatGitWrites) {
  EXPECT_TRUE(is_object_id("0123456789abcdef0123456789abcdef01234567"));
  for (const auto& text : {std::string(), std::string(39, 'a'), std::string(41, 'a'),
                           std::string(40, 'A'), std::string(39, 'a') + "g"})
    EXPECT_FALSE(is_object_id(text)) << text;
}

TEST(FileError, OmitsZeroPositionsFromItsText) {
  EXPECT_EQ(to_string(FileError{"a.md", 3, 4, "what"}), "a.md:3:4: what");
  EXPECT_EQ(to_string(FileError{"a.md", 3, 0, "what"}), "a.md:3: what");
  EXPECT_EQ(to_string(FileError{"a.md", 0, 4, "what"}), "a.md: what");
}

}  // namespace object_id_test
}  // namespace devy::snapshot
