// Every example of the GFM and CommonMark specifications through our own renderer, sanitiser and
// all. Where a post must look otherwise than the example, specification_differences.cpp says why.
#include "tests/integration/publishing/markdown/specification.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "core/publishing/markdown/render.hpp"
#include "tests/integration/publishing/markdown/html_normal.hpp"
#include "tests/integration/publishing/markdown/specification_differences.hpp"

namespace devy::markdown {
namespace specification_test {

void check(const testing::Specification& specification) {
  EXPECT_GE(specification.examples.size(), 650U) << specification.name;
  std::map<int, const char*> reasons;
  for (const auto& [reason, numbers] : testing::differences_from(specification.name)) {
    for (const int number : numbers)
      EXPECT_TRUE(reasons.emplace(number, reason).second) << number << " is listed twice";
  }
  for (const auto& example : specification.examples) {
    const auto ours = render_body(example.markdown, false, "post.md").html.take();
    const bool is_same = testing::normal_form(ours) == testing::sanitised_normal_form(example.html);
    const auto listed = reasons.find(example.number);
    if (listed == reasons.end()) {
      EXPECT_TRUE(is_same) << specification.name << ", example " << example.number << " ("
                           << example.section << ")\n"
                           << example.markdown << "\nexpected:\n"
                           << example.html << "\nrendered:\n"
                           << ours;
    } else {
      EXPECT_FALSE(is_same) << specification.name << ", example " << example.number
                            << " no longer differs: " << listed->second;
    }
  }
}

TEST(Render, FollowsTheSpecificationOfGitHub) {
  check(testing::github_specification());
}

TEST(Render, FollowsTheSpecificationOfCommonMark) {
  check(testing::commonmark_specification());
}

}  // namespace specification_test
}  // namespace devy::markdown
