#include "core/publishing/status/status_text.hpp"

#include <gtest/gtest.h>

namespace devy::status {
namespace status_text_test {

using queue::State;

// "success 3 added, 1 changed"
std::string told(const publishing::Upload& upload,
                 const std::optional<snapshot::FileError>& first = std::nullopt) {
  const auto status = status_of(upload, first, "");
  return std::string(github::to_string(status.state)) + " " + status.description;
}

publishing::Upload of(State state) {
  publishing::Upload upload;
  upload.state = state;
  return upload;
}

publishing::Upload completed(const publishing::ChangeCounts& counts) {
  auto upload = of(State::completed);
  upload.changes = counts;
  return upload;
}

publishing::Upload failed(const std::string& code, const std::string& text) {
  auto upload = of(State::failed);
  upload.error_code = code;
  upload.error_text = text;
  return upload;
}

TEST(StatusText, CountsWhatChanged) {
  EXPECT_EQ(told(completed({3, 1, 0, 2, 40, 0})), "success 3 added, 1 changed, 2 deleted");
  EXPECT_EQ(told(completed({0, 0, 1, 0, 40, 0})), "success 1 moved");
  EXPECT_EQ(told(completed({0, 0, 0, 0, 40, 0})), "success no posts changed");
  EXPECT_EQ(told(of(State::completed)), "success no posts changed");
}

TEST(StatusText, SaysWhyABlogStaysEmpty) {
  auto upload = completed({0, 0, 0, 0, 0, 0});
  upload.left_out.emplace();
  EXPECT_EQ(told(upload), "success no posts changed");
  upload.left_out->add("LICENSE.md", {blog::LeftOutRule::repository_file, "LICENSE"});
  EXPECT_EQ(told(upload),
            "success nothing is published: 1 of 1 Markdown files left out: 1 LICENSE");
  upload.left_out->posts = 1;
  EXPECT_EQ(told(upload), "success no posts changed");
}

TEST(StatusText, ShowsTheFirstFileErrorWithItsPlace) {
  const snapshot::FileError error{"posts/a.md", 3, 7, "date: not a date"};
  EXPECT_EQ(told(completed({3, 0, 0, 0, 0, 1}), error), "failure posts/a.md:3: date: not a date");
  EXPECT_EQ(told(completed({3, 0, 0, 0, 0, 4}), error),
            "failure 1 of 4 errors: posts/a.md:3: date: not a date");
  EXPECT_EQ(told(completed({3, 0, 0, 0, 0, 1}), snapshot::FileError{"a.md", 0, 0, "too large"}),
            "failure a.md: too large");
}

TEST(StatusText, ShowsAuthorsTheirErrorsAndHidesOurs) {
  EXPECT_EQ(told(failed("tree_too_large", "unable to read: too many files")),
            "failure unable to read: too many files");
  EXPECT_EQ(told(failed("database_away", "unable to reach PostgreSQL at /run/secret")),
            "error not published: database_away");
  EXPECT_EQ(told(failed("worker_crashed", "")), "error not published: worker_crashed");
}

TEST(StatusText, SaysWhereAnUploadStands) {
  EXPECT_EQ(told(of(State::verified)), "pending waiting to be published");
  EXPECT_EQ(told(of(State::processing)), "pending being published");
  auto held = failed("mass_delete", "it would delete 9 of 10 posts");
  held.state = State::held;
  EXPECT_EQ(told(held), "pending held: it would delete 9 of 10 posts");
  EXPECT_EQ(told(of(State::cancelled)), "error cancelled by an operator");
  auto skipped = of(State::cancelled);
  skipped.error_code = publishing::skip_marker_code;
  EXPECT_EQ(told(skipped), "success not published: it has a skip marker");
  auto superseded = of(State::cancelled);
  superseded.cancelled_by = "an id";
  EXPECT_EQ(told(superseded), "success superseded by a newer push");
  EXPECT_EQ(told(of(State::dropped)), "success superseded by a newer push");
  EXPECT_EQ(told(of(State::disabled)), "error the blog is not connected");
}

TEST(StatusText, LeadsToTheBlog) {
  EXPECT_EQ(status_of(completed({}), {}, "https://devy.example/alice/notes").target_url,
            "https://devy.example/alice/notes");
}

}  // namespace status_text_test
}  // namespace devy::status
