#include <gtest/gtest.h>

#include "core/publishing/store/reading_store.hpp"

namespace devy::publishing {
namespace post_cursor_test {

TEST(PostCursorText, ReadsWhatItWrote) {
  for (const auto* slug : {"a", "2024/é-世界", "chapter-10"})
    for (const auto time :
         {std::int64_t{0}, std::int64_t{-62'135'596'800'000'000},
          std::int64_t{253'402'300'799'999'999}, std::int64_t{1'700'000'000'000'001}}) {
      const PostCursor cursor{base::TimePoint(std::chrono::microseconds(time)), slug};
      const auto text = to_text(cursor);
      EXPECT_EQ(text.find_first_not_of("0123456789abcdef.-"), text.npos);
      const auto read = parse_post_cursor(text);
      ASSERT_TRUE(read) << text;
      EXPECT_EQ(read->slug, cursor.slug);
      EXPECT_EQ(read->published_at, cursor.published_at);
    }
}

}  // namespace post_cursor_test
}  // namespace devy::publishing
