// What authors write and generators accept: no value that nobody needs costs a post, and no title
// loses what stood in its heading.
#include "tests/support/publishing/upload_fixture.hpp"

namespace devy::upload {
namespace authors_test {

using testing::Lines;
using testing::UploadTest;

class AuthorsPost : public UploadTest {
 protected:
  [[nodiscard]] Lines warnings() const {
    return rows(
        "select (x->>'path') || ':' || (x->>'line') || ':' || (x->>'column') from upload, "
        "jsonb_array_elements(warnings) x order by 1");
  }
  [[nodiscard]] std::string of(const std::string& path, const std::string& column) const {
    return value("select coalesce((" + column + ")::text, '-') from post where path = '" + path +
                 "'");
  }
};

TEST_F(AuthorsPost, IsKeptWithAValueThatCannotBeUsed) {
  write("lists.md", "---\ncategories:\n  - [Diary, Console]\n  - [Diary, Games]\n---\nText.\n");
  write("maps.md", "---\ntags:\n  - label: Big News\n    permalink: /big\n---\nText.\n");
  write("soon.md", "---\nlastmod: soon\n---\nText.\n");
  write("lang.md", "---\nlang: [de]\n---\nText.\n");
  write("when.md", "---\ndate: 03/04/2024\n---\nText.\n");
  push_and_publish();
  EXPECT_EQ(posts().size(), 5U);
  EXPECT_EQ(file_errors(), Lines());
  EXPECT_EQ(of("lists.md", "tags"), "{Diary,Console,Games}");
  EXPECT_EQ(of("maps.md", "tags"), "{\"Big News\"}");
  EXPECT_EQ(warnings(), (Lines{"lang.md:2:7", "soon.md:2:10", "when.md:2:7"}));
}

TEST_F(AuthorsPost, HasItsDateInAnyForm) {
  write("a.md", "---\ndate: 2024-01-02 10:30 PM\n---\nText.\n");
  write("b.md", "---\ndate: 2024-03-04 10:00 EST\n---\nText.\n");
  write("c.md",
        "---\ndate: Tue May 10 2022 12:00:00 GMT+0000 (Coordinated Universal Time)\n---\nText.\n");
  write("d.md", "---\ndate: 2020\n---\nText.\n");
  write("e.md", "{\n  \"date\": \"2013/7/13 20:46:25\"\n}\n\nText.\n");
  push_and_publish();
  EXPECT_EQ(rows("select (published_at at time zone 'UTC')::text from post order by path"),
            (Lines{"2024-01-02 22:30:00", "2024-03-04 15:00:00", "2022-05-10 12:00:00",
                   "2020-01-01 00:00:00", "2013-07-13 20:46:25"}));
  EXPECT_EQ(of("d.md", "published_on"), "2020-01-01");
}

TEST_F(AuthorsPost, IsHiddenWhereItsAuthorSaysNo) {
  write("a.md", "---\npublish: false\n---\n# Private\n");
  write("b.md", "---\nstatus: draft\n---\n# B\n");
  write("c.md", "---\nignorePost: true\n---\n# C\n");
  write("d.md", "---\ndraft: maybe\n---\n# D\n");
  write("e.md", "---\ndraft: false\n---\n# E\n");
  push_and_publish();
  EXPECT_EQ(value("select string_agg(path, ' ') from visible_post"), "e.md");
  EXPECT_EQ(warnings(), Lines{"d.md:2:8"});
}

TEST_F(AuthorsPost, ShowsItsTitleOnceAndIsReachedByItsLink) {
  write("a.md", "# My title\n\n## Next\n\n[back to top](#my-title)\n");
  write("b.md", "---\ntitle: Same\n---\n# same\n\nText.\n");
  write("c.md", "---\ntitle: One\n---\n# Another\n");
  push_and_publish();
  EXPECT_EQ(of("a.md", "title_id"), "user-content-my-title");
  EXPECT_EQ(of("a.md", "html like '%href=\"#user-content-my-title\"%'"), "true");
  EXPECT_EQ(of("b.md", "title_id"), "user-content-same");
  EXPECT_EQ(of("b.md", "rtrim(html, chr(10))"), "<p>Text.</p>");
  EXPECT_EQ(of("c.md", "title_id"), "");
  write("a.md", "Text without a title.\n");
  push_and_publish();
  EXPECT_EQ(of("a.md", "title_id"), "");
}

}  // namespace authors_test
}  // namespace devy::upload
