// A second push changes exactly what changed, and no more.
#include "tests/support/publishing/upload_fixture.hpp"

namespace devy::upload {
namespace changes_test {

using testing::changes_text;
using testing::Lines;
using testing::UploadTest;

class PublishedChanges : public UploadTest {
 protected:
  PublishedChanges() {
    for (const auto* name : {"a", "b", "c", "d"})
      write(std::string("posts/") + name + ".md", text_of(name));
  }

  // Long enough that one changed line leaves two versions similar.
  static std::string text_of(const std::string& name) {
    std::string text = "# Post " + name + "\n\n";
    for (int i = 0; i < 12; ++i)
      text += "Line " + std::to_string(i) + " of the post called " + name + ".\n";
    return text;
  }

  std::string id_of(const std::string& path) const {
    return value("select id from post where path = '" + path + "'");
  }
};

TEST_F(PublishedChanges, WritesOnePostForAnEdit) {
  push_and_publish();
  const auto other = row_version("posts/b.md");
  const auto id = id_of("posts/a.md");
  write("posts/a.md", "# New title\n\nOther words.\n");
  EXPECT_EQ(changes_text(push_and_publish()), "0 1 0 0 3 0");
  EXPECT_EQ(row_version("posts/b.md"), other);
  EXPECT_EQ(id_of("posts/a.md"), id);
  EXPECT_EQ(value("select title || ' ' || version from post where path = 'posts/a.md'"),
            "New title 2");
  EXPECT_EQ(
      rows("select version, change from revision where post_id = '" + id + "' order by version"),
      (Lines{"1|created", "2|updated"}));
}

TEST_F(PublishedChanges, KeepsTheIdAndRedirectsForARenamedIdenticalFile) {
  push_and_publish();
  const auto id = id_of("posts/a.md");
  author_.rename("posts/a.md", "moved/z.md");
  EXPECT_EQ(changes_text(push_and_publish()), "0 0 1 0 3 0");
  EXPECT_EQ(id_of("moved/z.md"), id);
  EXPECT_EQ(redirects(), Lines{"posts/a moved/z.md"});
  EXPECT_EQ(value("select change from revision where version = 2"), "renamed");
}

TEST_F(PublishedChanges, FindsARenameWithAnEditBySimilarity) {
  push_and_publish();
  const auto id = id_of("posts/a.md");
  author_.rename("posts/a.md", "posts/z.md");
  write("posts/z.md", text_of("a") + "One more line.\n");
  EXPECT_EQ(changes_text(push_and_publish()), "0 0 1 0 3 0");
  EXPECT_EQ(id_of("posts/z.md"), id);
  EXPECT_EQ(redirects(), Lines{"posts/a posts/z.md"});
}

TEST_F(PublishedChanges, TreatsAnotherTextAsNoRename) {
  push_and_publish();
  const auto id = id_of("posts/a.md");
  author_.remove_file("posts/a.md");
  write("posts/z.md", "# Something else\n\nNot a word in common with what went.\n");
  EXPECT_EQ(changes_text(push_and_publish()), "1 0 0 1 3 0");
  EXPECT_NE(id_of("posts/z.md"), id);
  EXPECT_EQ(redirects(), Lines());
}

TEST_F(PublishedChanges, KeepsTheHistoryOfADeletedPost) {
  push_and_publish();
  const auto id = id_of("posts/a.md");
  author_.remove_file("posts/a.md");
  EXPECT_EQ(changes_text(push_and_publish()), "0 0 0 1 3 0");
  EXPECT_EQ(posts(), (Lines{"posts/b.md posts/b", "posts/c.md posts/c", "posts/d.md posts/d"}));
  EXPECT_EQ(
      rows("select version, change from revision where post_id = '" + id + "' order by version"),
      (Lines{"1|created", "2|deleted"}));
}

TEST_F(PublishedChanges, StoresADraftInvisibly) {
  push_and_publish();
  write("posts/a.md", "---\ndraft: true\n---\n" + text_of("a"));
  EXPECT_EQ(changes_text(push_and_publish()), "0 1 0 0 3 0");
  EXPECT_EQ(value("select count(*) from post"), "4");
  EXPECT_EQ(value("select count(*) from visible_post"), "3");
}

TEST_F(PublishedChanges, WritesOneRowForANewFile) {
  push_and_publish();
  const auto before = row_version("posts/a.md") + row_version("posts/d.md");
  write("posts/e.md", text_of("e"));
  EXPECT_EQ(changes_text(push_and_publish()), "1 0 0 0 4 0");
  EXPECT_EQ(row_version("posts/a.md") + row_version("posts/d.md"), before);
}

TEST_F(PublishedChanges, AppliesEveryKindOfChangeAtOnce) {
  push_and_publish();
  write("posts/a.md", "# Edited\n");
  author_.rename("posts/b.md", "posts/y.md");
  author_.remove_file("posts/c.md");
  write("posts/new.md", "# New\n");
  const auto upload = push_and_publish();
  EXPECT_EQ(changes_text(upload), "1 1 1 1 1 0");
  EXPECT_EQ(value("select changes -> 0 ->> 0 from changeset where operation_id = '" +
                  upload.id.text() + "'"),
            "u");
  EXPECT_EQ(posts(), (Lines{"posts/a.md posts/a", "posts/d.md posts/d", "posts/new.md posts/new",
                            "posts/y.md posts/y"}));
}

TEST_F(PublishedChanges, MovesManyIdenticalFilesWithoutSimilarity) {
  for (int i = 0; i < 210; ++i)
    write("many/" + std::to_string(i) + ".md", text_of(std::to_string(i)));
  push_and_publish();
  author_.rename("many", "folder");
  EXPECT_EQ(changes_text(push_and_publish()), "0 0 210 0 4 0");
  EXPECT_EQ(value("select count(*) from redirect"), "210");
}

TEST_F(PublishedChanges, MovesTheHeadForACommitThatTouchesNoPost) {
  push_and_publish();
  const auto before = digest();
  write("image.png", "pixels");
  EXPECT_EQ(changes_text(push_and_publish()), "0 0 0 0 4 0");
  EXPECT_EQ(digest(), before);
}

TEST_F(PublishedChanges, PublishesTheNewHistoryAfterAForcePush) {
  const auto upload = push_and_publish();
  write("posts/a.md", "# Later\n");
  push_and_publish();
  author_.reset_to(*upload.commit);
  write("posts/b.md", "# Another way\n");
  EXPECT_EQ(changes_text(push_and_publish()), "0 2 0 0 2 0");
  EXPECT_EQ(value("select title from post where path = 'posts/a.md'"), "Post a");
}

}  // namespace changes_test
}  // namespace devy::upload
