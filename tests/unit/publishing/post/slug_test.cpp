#include "core/publishing/post/slug.hpp"

#include <gtest/gtest.h>

#include <string>

#include "core/platform/base/safe_text.hpp"

namespace devy::post {
namespace slug_test {

struct Pair {
  const char* input;
  const char* expected;
};

TEST(Slug, KeepsLettersAndDigitsOfEveryScript) {
  const Pair cases[] = {
      {"Hello, World!", "hello-world"},
      {"  C++ & Rust  ", "c-rust"},
      {"Ünïcode ÄÖÜß", "ünïcode-äöüß"},
      {"U\xcc\x88"
       "ber",
       "über"},  // decomposed
      {"日本語のスラッグ", "日本語のスラッグ"},
      {"हिन्दी", "हिन्दी"},  // marks belong to their letters
      {"ΣΊΣΥΦΟΣ", "σίσυφοσ"},
      {"Привет, мир", "привет-мир"},
      {"مرحبا بالعالم", "مرحبا-بالعالم"},
      {"snake_case_name", "snake-case-name"},
      {"a--b---c", "a-b-c"},
      {"-a-", "a"},
      {"2024/01/My Post", "2024/01/my-post"},
      {"a//b/", "a/b"},
      {"../../etc/passwd", "etc/passwd"},
      {"a\x1b[31mb", "a-31mb"},
      {"a\xff"
       "b",
       "a-b"},
  };
  for (const auto& [input, expected] : cases)
    EXPECT_EQ(slugify(input), expected) << input;
}

TEST(Slug, IsNeverEmpty) {
  for (const char* input : {"", "!!!", "/", "🎉", "- -", "\xff\xfe"})
    EXPECT_EQ(slugify(input), "post") << input;
}

TEST(Slug, StaysTheSameWhenMadeAgain) {
  for (const char* input : {"Hello, World!", "Ünïcode", "日本語 と English", "हिन्दी", "İstanbul"})
    EXPECT_EQ(slugify(slugify(input)), slugify(input)) << input;
}

TEST(Slug, IsCutAtACharacterWithinTwoHundredBytes) {
  std::string text = "a";
  for (int i = 0; i < 100; ++i)
    text += "語";
  const auto slug = slugify(text);
  EXPECT_EQ(slug.size(), 199U);  // one byte and 66 characters of three
  EXPECT_TRUE(base::is_valid_utf8(slug));
}

TEST(Slug, EndsWithAWordWhenCut) {
  EXPECT_EQ(slugify(std::string(199, 'a') + " b"), std::string(199, 'a'));
}

TEST(SlugFromPath, DropsDateAndExtension) {
  const Pair cases[] = {
      {"2024-01-02-my-post.md", "my-post"},
      {"2024-01-02_my_post.markdown", "my-post"},
      {"posts/2024-01-02-My Post.MD", "posts/my-post"},
      {"2024-01-02.md", "2024-01-02"},
      {"2024-13-02-x.md", "2024-13-02-x"},
      {"2024-02-30-x.md", "2024-02-30-x"},
      {"2024-01-023.md", "2024-01-023"},
      {"a.b.md", "a-b"},
      {"index.md", "index"},
      {"guide/index.md", "guide"},
      {"guide/Index.markdown", "guide"},
      {"blog/2024-01-02-trip/index.md", "blog/trip"},
      {"emoji/🎉.md", "emoji/post"},
      {"🎉/a.md", "a"},
  };
  for (const auto& [input, expected] : cases)
    EXPECT_EQ(slug_from_path(input), expected) << input;
}

TEST(TitleFromPath, IsReadable) {
  const Pair cases[] = {
      {"2024-01-02-my-first_post.md", "My first post"},
      {"posts/élan.md", "Élan"},
      {"notes/index.md", "Notes"},
      {"index.md", "Index"},
      {"2024-01-02.md", "2024 01 02"},
      {"---.md", "Untitled"},
      {"a\x1b[31mb.md", "A[31mb"},
  };
  for (const auto& [input, expected] : cases)
    EXPECT_EQ(title_from_path(input), expected) << input;
}

TEST(DateFromPath, ReadsThePrefixOfTheFileOrItsBundle) {
  using namespace std::chrono;
  const auto day = sys_days{2024y / January / 2};
  EXPECT_EQ(date_from_path("posts/2024-01-02-a.md"), day);
  EXPECT_EQ(date_from_path("2024-01-02.md"), day);
  EXPECT_EQ(date_from_path("2024-01-02-trip/index.md"), day);
  EXPECT_EQ(date_from_path("2024-01-02-trip/a.md"), std::nullopt);
  EXPECT_EQ(date_from_path("2024-02-30-a.md"), std::nullopt);
  EXPECT_EQ(date_from_path("0000-01-01-a.md"), std::nullopt);
  EXPECT_EQ(date_from_path("a.md"), std::nullopt);
}

TEST(IsMarkdownPath, KnowsGitHubsExtensionsInAnyCase) {
  for (const char* path :
       {"a.md", "a/b.MD", "a.markdown", "a.MarkDown", "a.mdown", "a.mkd", "a.MKDN", "a.mdwn"})
    EXPECT_TRUE(is_markdown_path(path)) << path;
  for (const char* path : {"a.mdx", "md", "a.md.txt", "a.md/b", "a.mdow", "mkd", ""})
    EXPECT_FALSE(is_markdown_path(path)) << path;
}

}  // namespace slug_test
}  // namespace devy::post
