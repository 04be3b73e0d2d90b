#include "core/gists/scanning/document.hpp"

#include <gtest/gtest.h>

#include "core/gists/scanning/contents.hpp"

namespace devy::scanning {
namespace document_test {

TEST(GistDocument, FindsTheBlobInTheAddressOfAFile) {
  const std::string blob(40, 'a');
  EXPECT_EQ(blob_in("https://gist.githubusercontent.com/octocat/1/raw/" + blob + "/x.py"), blob);
  EXPECT_EQ(blob_in("https://ghe.example/gist/octocat/1/raw/master/x.py"), "");
  EXPECT_EQ(blob_in("https://ghe.example/raw/" + std::string(39, 'a') + "/x"), "");
  EXPECT_EQ(blob_in("https://ghe.example/x"), "");
}

TEST(GistDocument, LeavesOutWhatIsNoGist) {
  const auto gists = read_list(R"([{"id": "../../etc"}, 7, null,
      {"id": "aaaaaaaaaaaaaaaaaaaa", "public": true, "created_at": "2026-01-01T00:00:00Z",
       "updated_at": "2026-01-01T00:00:00Z", "owner": {"id": 5},
       "files": {"a": {"filename": "a", "raw_url": "u", "size": 1}, "b": {"filename": "b"}}}])");
  ASSERT_EQ(gists.size(), 1U);
  EXPECT_EQ(gists[0].owner_id, 5);
  ASSERT_EQ(gists[0].files.size(), 1U);
}

TEST(GistDocument, KnowsBytesByGitsIdAndBySha256) {
  EXPECT_TRUE(has_id("hello\n", "ce013625030ba8dba906f756967f9e9ca394464a"));
  EXPECT_FALSE(has_id("hello", "ce013625030ba8dba906f756967f9e9ca394464a"));
  EXPECT_TRUE(has_id("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
}

}  // namespace document_test
}  // namespace devy::scanning
