// The thin path: some Markdown files become posts.
#include "tests/support/publishing/upload_fixture.hpp"

namespace devy::upload {
namespace first_upload_test {

using testing::changes_text;
using testing::ending;
using testing::Lines;
using testing::UploadTest;

using FirstUpload = UploadTest;

TEST_F(FirstUpload, PublishesEveryMarkdownFile) {
  write("hello.md", "# Hello\n\nFirst *words*.\n");
  write("notes/second.markdown", "---\ntitle: Second\ntags: [a, b]\n---\nText.\n");
  write("notes/2024-03-04-dated.md", "No title here.\n");
  write("README.md", "# About\n");
  write("_hidden/draft.md", "# Hidden\n");
  write("image.png", "no Markdown");
  const auto commit = push();
  const auto upload = publish();
  EXPECT_EQ(ending(upload), "completed") << upload.error_text.value_or("");
  EXPECT_EQ(changes_text(upload), "3 0 0 0 0 0");
  EXPECT_EQ(upload.commit, commit);
  EXPECT_EQ(posts(), (Lines{"hello.md hello", "notes/2024-03-04-dated.md notes/dated",
                            "notes/second.markdown notes/second"}));
  EXPECT_EQ(rows("select title, summary, tags from post where slug = 'notes/second'"),
            Lines{"Second|Text.|{a,b}"});
  EXPECT_EQ(value("select rtrim(html, chr(10)) from post where slug = 'hello'"),
            "<p>First <em>words</em>.</p>");
}

TEST_F(FirstUpload, RecordsHeadAndHistory) {
  write("hello.md", "# Hello\n");
  const auto commit = push();
  const auto upload = publish();
  EXPECT_EQ(blog().head_commit, commit);
  EXPECT_EQ(blog().last_upload, upload.id);
  EXPECT_EQ(rows("select version, change, path, slug from revision"),
            Lines{"1|created|hello.md|hello"});
  EXPECT_EQ(rows("select state, step from operation_event order by seq"),
            (Lines{"verified|", "scheduled|", "processing|fetch", "processing|snapshot",
                   "processing|diff", "processing|publish", "completed|publish"}));
}

}  // namespace first_upload_test
}  // namespace devy::upload
