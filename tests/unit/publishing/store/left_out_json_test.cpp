#include "core/publishing/store/left_out_json.hpp"

#include <gtest/gtest.h>

namespace devy::publishing {
namespace left_out_json_test {

using blog::LeftOut;
using Rule = blog::LeftOutRule;

LeftOut example() {
  LeftOut left_out{.posts = 14, .is_at_least = true};
  left_out.add("LICENSE.md", {Rule::repository_file, "LICENSE"});
  left_out.add("link.md", {Rule::symlink});
  left_out.add("a.mdx", {Rule::other_format, ".mdx"});
  return left_out;
}

TEST(LeftOutJson, CountsByRule) {
  EXPECT_EQ(left_out_json(example()).compact(),
            R"({"markdown_files":16,"left_out":2,"is_at_least":true,"counts":[)"
            R"({"rule":"repository_file","name":"LICENSE","count":1},)"
            R"({"rule":"symlink","name":null,"count":1},)"
            R"({"rule":"other_format","name":".mdx","count":1}]})");
}

TEST(LeftOutJson, ReadsWhatItHasStored) {
  EXPECT_EQ(left_out_from_json(stored_left_out_json(example()).compact()), example());
}

TEST(LeftOutJson, StoresTheFirstFilesOnly) {
  LeftOut left_out;
  for (std::size_t i = 0; i < 3 * stored_left_out_files_max; ++i)
    left_out.add("a.md", {Rule::ignore, "*"});
  const auto stored = left_out_from_json(stored_left_out_json(left_out).compact());
  EXPECT_EQ(stored.files.size(), stored_left_out_files_max);
  EXPECT_EQ(stored.markdown_files(), 3 * stored_left_out_files_max);
}

}  // namespace left_out_json_test
}  // namespace devy::publishing
