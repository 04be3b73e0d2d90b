// What `verify` finds of what somebody has changed in the tables though its blob stayed the same,
// and that a repair puts it right.
#include "core/publishing/reconcile/audit.hpp"
#include "core/publishing/reconcile/repair.hpp"
#include "tests/support/publishing/upload_fixture.hpp"

namespace devy::upload {
namespace drift_test {

using testing::changes_text;
using testing::ending;
using testing::Lines;
using testing::UploadTest;

class Drift : public UploadTest {
 protected:
  Drift() {
    server_.misbehave([](testing::Faults& faults) { faults.allows_any_commit = true; });
    write("a.md", "# A one\n");
    write("b.md", "# B\n");
  }
  publishing::Upload repair() {
    return run(reconcile::record_repair(connection_, config_, blog(), "test"));
  }
  bool is_verified() { return reconcile::verify(connection_, config_, blog(), {}).is_ok; }
};

TEST_F(Drift, IsFoundInWhatReadersGet) {
  write("b.md", "# B\n\nTo [a](a.md).\n");
  push_and_publish();
  const auto html = value("select replace(html, E'\\n', ' ') from post where path = 'b.md'");
  EXPECT_TRUE(is_verified());
  for (const char* change :
       {"html = '<p>Defaced'", "markdown = 'Defaced'", "summary = 'Defaced'", "tags = '{defaced}'",
        "cover = '/defaced.png'", "is_draft = true, preview_token = md5('')"}) {
    execute(std::string("update post set ") + change + " where path = 'b.md'");
    EXPECT_EQ(reconcile::verify(connection_, config_, blog(), {}).different, Lines{"b.md"})
        << change;
    EXPECT_EQ(changes_text(repair()), "0 1 0 0 1 0");
    EXPECT_TRUE(is_verified()) << change;
  }
  EXPECT_EQ(value("select replace(html, E'\\n', ' ') from post where path = 'b.md'"), html);
  // A link that leads elsewhere since is no alteration.
  author_.rename("a.md", "c.md");
  push_and_publish();
  EXPECT_NE(value("select replace(html, E'\\n', ' ') from post where path = 'b.md'"), html);
  EXPECT_TRUE(is_verified());
}

TEST_F(Drift, IsFoundInOldAddresses) {
  push_and_publish();
  author_.rename("a.md", "c.md");
  write("b.md", "---\naliases: [/old]\n---\n# B\n");
  push_and_publish();
  const Lines right{"a c.md", "old b.md"};
  EXPECT_EQ(redirects(), right);
  EXPECT_TRUE(is_verified());
  for (const char* change :
       {"delete from redirect",
        "update redirect set post_id = (select id from post where path = 'b.md')",
        "update redirect set is_alias = not is_alias",
        "insert into redirect (blog_id, slug, post_id) select blog_id, 'stranger', id from post "
        "limit 1"}) {
    execute(change);
    EXPECT_FALSE(is_verified()) << change;
    EXPECT_EQ(ending(repair()), "completed");
    EXPECT_EQ(redirects(), right) << change;
    EXPECT_TRUE(is_verified()) << change;
  }
}

}  // namespace drift_test
}  // namespace devy::upload
