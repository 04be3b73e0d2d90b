#include "core/publishing/reading/entity_tag.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <vector>

namespace devy::reading {
namespace entity_tag_test {

publishing::ReadableBlog some_blog() {
  publishing::ReadableBlog blog;
  blog.id = base::BlogId::trusted("6f1c0d52-5a51-4a3b-8a57-6f7f4f9a5c11");
  blog.head_commit = std::string(40, 'a');
  blog.head_origin = "x";
  blog.head_at = base::TimePoint(std::chrono::seconds(1));
  blog.changes_at = base::TimePoint(std::chrono::seconds(2));
  return blog;
}

TEST(EntityTag, DiffersWithAllThatPagesDependOn) {
  using Blog = publishing::ReadableBlog;
  const std::vector<std::function<void(Blog&)>> changes{
      [](Blog&) {},
      [](Blog& blog) { blog.head_commit = std::string(40, 'b'); },
      [](Blog& blog) { blog.head_commit.reset(); },
      [](Blog& blog) { blog.head_origin = "y"; },
      [](Blog& blog) { blog.head_at = base::TimePoint(std::chrono::microseconds(1)); },
      [](Blog& blog) { blog.changes_at.reset(); },
      [](Blog& blog) { blog.changes_at = base::TimePoint(std::chrono::seconds(3)); },
      [](Blog& blog) { blog.id = base::BlogId::trusted("6f1c0d52-5a51-4a3b-8a57-6f7f4f9a5c12"); },
      [](Blog& blog) { std::swap(blog.head_at, blog.changes_at); }};
  std::set<std::string> tags{entity_tag(some_blog(), "https://devy.example")};
  for (const auto& change : changes) {
    auto blog = some_blog();
    change(blog);
    const auto tag = entity_tag(blog);
    EXPECT_EQ(tag.size(), 36U);
    EXPECT_TRUE(tag.starts_with("W/\""));
    tags.insert(tag);
  }
  EXPECT_EQ(tags.size(), changes.size() + 1);
  EXPECT_EQ(entity_tag(some_blog()), entity_tag(some_blog()));
}

TEST(EntityTag, IsFoundInAList) {
  const std::string tag = "W/\"abc\"";
  for (const char* given : {"W/\"abc\"", "\"abc\"", "\"x\", W/\"abc\"", "\"x\",\"abc\"  ",
                            "\t\"abc\"", ",,W/\"abc\",", "\"abc\",\"x\""})
    EXPECT_TRUE(names_tag(given, tag)) << given;
  for (const char* given :
       {"", "*", "abc", "\"abcd\"", "\"ab\"", "W/", "w/\"abc\"", "\"abc", ",", " "})
    EXPECT_FALSE(names_tag(given, tag)) << given;
  EXPECT_TRUE(names_tag("\"abc\"", "\"abc\""));
}

}  // namespace entity_tag_test
}  // namespace devy::reading
