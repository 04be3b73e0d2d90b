// What time does to posts without a push: visibility, and dates that stay the day they are.
#include "tests/support/publishing/upload_fixture.hpp"

namespace devy::upload {
namespace time_test {

using testing::changes_text;
using testing::Lines;
using testing::UploadTest;

class PostTime : public UploadTest {
 protected:
  void write_post(const std::string& path, const std::string& keys) {
    write(path, "---\n" + keys + "\n---\n# " + path + "\n");
  }
  [[nodiscard]] std::string visible() const {
    return value("select coalesce(string_agg(path, ' ' order by path), '') from visible_post");
  }
  // As if so much time had passed since the publish.
  void pass(const std::string& interval) {
    execute("update post set published_at = published_at - interval '" + interval +
            "', expires_at = expires_at - interval '" + interval + "'");
  }
  [[nodiscard]] std::string dates(const std::string& path) const {
    return value(
        "select (published_at at time zone 'UTC')::text || ' ' || coalesce(published_on::text, '-')"
        " || ' ' || coalesce((revised_at at time zone 'UTC')::text, '-')"
        " || ' ' || coalesce(revised_on::text, '-') from post where path = '" +
        path + "'");
  }
};

TEST_F(PostTime, ShowsAndHidesPostsWithoutAPush) {
  const auto day = [&](const std::string& days) {
    return value("select to_char(now() at time zone 'UTC' + interval '" + days +
                 "', 'YYYY-MM-DD')");
  };
  write_post("future.md", "date: " + day("2 days"));
  write_post("passing.md", "date: 2020-01-01\nexpires: " + day("2 days"));
  write_post("over.md", "date: 2020-01-01\nexpiryDate: " + day("0 days"));
  write_post("always.md", "date: 2020-01-01");
  write_post("draft.md", "date: 2020-01-01\ndraft: true");
  write_post("between.md", "date: " + day("2 days") + "\nexpires: " + day("4 days"));
  push_and_publish();
  EXPECT_EQ(visible(), "always.md passing.md");
  pass("2 days");
  EXPECT_EQ(visible(), "always.md between.md future.md");
  pass("2 days");
  EXPECT_EQ(visible(), "always.md future.md");
}

TEST_F(PostTime, KeepsTheDayOfADateWithoutATime) {
  write("devy.toml", "timezone = \"Asia/Tokyo\"\n");
  write_post("day.md", "date: 2024-01-02\nupdated: 2024-02-03");
  write_post("moment.md", "date: 2024-01-02 03:04\nlastmod: 2024-02-03T04:05:06Z");
  write_post("2024-03-04-name.md", "title: x");
  write("toml.md", "+++\ndate = 2024-01-02\nupdated = 2024-02-03 04:05:06\n+++\n");
  push_and_publish();
  EXPECT_EQ(dates("day.md"), "2024-01-01 15:00:00 2024-01-02 2024-02-02 15:00:00 2024-02-03");
  EXPECT_EQ(dates("moment.md"), "2024-01-01 18:04:00 - 2024-02-03 04:05:06 -");
  EXPECT_EQ(dates("2024-03-04-name.md"), "2024-03-03 15:00:00 2024-03-04 - -");
  EXPECT_EQ(dates("toml.md"), "2024-01-01 15:00:00 2024-01-02 2024-02-02 19:05:06 -");
  // Another zone begins its days elsewhere, and they are still the same days.
  write("devy.toml", "timezone = \"America/New_York\"\n");
  EXPECT_EQ(changes_text(push_and_publish()), "0 4 0 0 0 0");
  EXPECT_EQ(dates("day.md"), "2024-01-02 05:00:00 2024-01-02 2024-02-03 05:00:00 2024-02-03");
  EXPECT_EQ(dates("moment.md"), "2024-01-02 08:04:00 - 2024-02-03 04:05:06 -");
}

TEST_F(PostTime, DropsTheDayWhenATimeIsGivenOrTheDateRemoved) {
  write_post("a.md", "date: 2024-01-02");
  push_and_publish();
  write("a.md", "# No date\n");
  push_and_publish();
  EXPECT_EQ(dates("a.md"), "2024-01-01 10:00:00 - - -");  // that of its first commit
  write_post("a.md", "date: 2024-01-02 03:04");
  push_and_publish();
  EXPECT_EQ(dates("a.md"), "2024-01-02 03:04:00 - - -");
}

// One of them in the database's hands would end the whole upload.
TEST_F(PostTime, LeavesOutADateThatCannotBeStored) {
  write("devy.toml", "timezone = \"Asia/Tokyo\"\n");
  write_post("2020-02-03-first.md", "date: 0001-01-01");
  write_post("last.md", "date: 9999-12-31T23:59:59-01:00");
  write_post("good.md", "date: 9999-12-31");
  write("0001-01-01-named.md", "# The name's date is no date\n");
  const auto upload = push_and_publish();
  EXPECT_EQ(posts(), (Lines{"0001-01-01-named.md named", "2020-02-03-first.md first",
                            "good.md good", "last.md last"}));
  EXPECT_EQ(file_errors(), Lines());
  EXPECT_EQ(rows("select x->>'path' || ':' || (x->>'line') from upload, "
                 "jsonb_array_elements(warnings) x order by 1"),
            (Lines{"2020-02-03-first.md:2", "last.md:2"}));
  EXPECT_EQ(dates("2020-02-03-first.md"), "2020-02-02 15:00:00 2020-02-03 - -");
}

TEST_F(PostTime, CountsWords) {
  write("a.md", "# A title\n\nThree words *here*, 世界.\n");
  push_and_publish();
  EXPECT_EQ(value("select word_count from post"), "5");
}

class Draft : public UploadTest {
 protected:
  void write_draft(const std::string& text, bool is_draft = true) {
    write("a.md", std::string("---\ndraft: ") + (is_draft ? "true" : "false") + "\n---\n" + text);
    push_and_publish();
  }
  [[nodiscard]] std::string token() const {
    return value("select coalesce(preview_token, '') from post where path = 'a.md'");
  }
};

TEST_F(Draft, KeepsItsTokenUntilItIsPublished) {
  write_draft("one\n");
  const auto first = token();
  EXPECT_EQ(first.size(), 32U);
  write_draft("two\n");
  EXPECT_EQ(token(), first);
  author_.rename("a.md", "b.md");
  push_and_publish();
  EXPECT_EQ(value("select preview_token from post"), first);
  author_.rename("b.md", "a.md");
  write_draft("two\n", false);
  EXPECT_EQ(token(), "");
  // The old address was good for the draft of then.
  write_draft("three\n");
  EXPECT_EQ(token().size(), 32U);
  EXPECT_NE(token(), first);
}

TEST_F(Draft, HasATokenOfItsOwn) {
  for (const char* path : {"a.md", "b.md", "c.md"})
    write(path, "---\ndraft: true\n---\nThe same text.\n");
  write("d.md", "# No draft\n");
  push_and_publish();
  EXPECT_EQ(value("select count(distinct preview_token) from post"), "3");
  EXPECT_EQ(value("select count(*) from post where preview_token is null"), "1");
}

TEST_F(Draft, HasNoTokenWhenTheBlogPublishesDrafts) {
  write_draft("one\n");
  write("devy.toml", "drafts = true\n");
  push_and_publish();
  EXPECT_EQ(token(), "");
}

}  // namespace time_test
}  // namespace devy::upload
