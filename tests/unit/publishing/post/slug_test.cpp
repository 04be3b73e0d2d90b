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
      {"  C++ & Rust  ", "c-plus-plus-rust"},
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

TEST(Slug, SpellsSignsBesideLettersOut) {
  const Pair cases[] = {
      {"c++", "c-plus-plus"},
      {"C#", "c-sharp"},
      {"F#.NET", "f-sharp-net"},
      {"notes/c++/a", "notes/c-plus-plus/a"},
      {"+page", "plus-page"},
      {"a+b", "a-plus-b"},
      {"c++11", "c-plus-plus-11"},
      {"é+", "é-plus"},
      {"1+1", "1-1"},
      {"a + b", "a-b"},
      {"#1", "1"},
      {"++", "post"},
  };
  for (const auto& [input, expected] : cases)
    EXPECT_EQ(slugify(input), expected) << input;
}

TEST(Slug, IsCutAtACharacterWithinTwoHundredBytes) {
  std::string text = "a";
  for (int i = 0; i < 100; ++i)
    text += "語";
  const auto slug = slugify(text);
  EXPECT_EQ(slug.size(), 199U);  // one byte, 63 characters of three, and the ending
  EXPECT_TRUE(base::is_valid_utf8(slug));
  EXPECT_EQ(slugify(slug), slug);
}

TEST(Slug, EndsWithADigestWhenCut) {
  const std::string begin(250, 'a');
  EXPECT_NE(slugify(begin + "b"), slugify(begin + "c"));
  EXPECT_TRUE(slugify(begin + "b").starts_with(std::string(191, 'a') + "-"));
  EXPECT_EQ(slugify(std::string(200, 'a')), std::string(200, 'a'));
  EXPECT_EQ(slug_with_ending(std::string(190, 'a') + "-b", "12345678"),
            std::string(190, 'a') + "-12345678");
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
      {"guide/_index.md", "guide"},
      {"guide/README.md", "guide"},
      {"_index.md", "index"},
      {"README.md", "readme"},
      {"_posts/2024-01-02-a.md", "a"},
      {"travel/_posts/2024-01-02-a.md", "travel/a"},
      {"_drafts/idea.md", "idea"},
      {"_drafts.md", "drafts"},
      {"blog/2024-01-02-trip/index.md", "blog/trip"},
      {"emoji/🎉.md", "emoji/post"},
      {"🎉/a.md", "a"},
  };
  for (const auto& [input, expected] : cases)
    EXPECT_EQ(slug_from_path(input), expected) << input;
}

TEST(WrittenSlug, ReplacesTheLastPartOrIsTheWhole) {
  const struct {
    const char* path;
    std::optional<std::string> slug, permalink;
    std::optional<std::string> expected;
  } cases[] = {
      {"en/about.md", "about", {}, "en/about"},
      {"en/about.md", "About us/", {}, "en/about-us"},
      {"en/about.md", "/about", {}, "about"},
      {"en/about.md", "pages/about", {}, "pages/about"},
      {"en/about/index.md", "who", {}, "en/who"},
      {"_posts/2024-01-02-a.md", "b", {}, "b"},
      {"index.md", "home", {}, "home"},
      {"en/about.md", {}, "/x/about.html", "x/about"},
      {"en/about.md", {}, "x", "x"},
      {"en/about.md", "y", "https://a.example/x/", "x"},
      {"en/about.md", "y", "/", "en/y"},
      {"en/about.md", "c++", {}, "en/c-plus-plus"},
      {"en/about.md", "//", {}, {}},
      {"en/about.md", "!!", {}, {}},
      {"en/about.md", {}, {}, {}},
  };
  for (const auto& one : cases)
    EXPECT_EQ(written_slug(one.path, one.slug, one.permalink), one.expected)
        << one.path << ' ' << one.slug.value_or("-") << ' ' << one.permalink.value_or("-");
}

TEST(IsPermalink, RefusesPatternsAndOtherSites) {
  for (const char* address : {"/a", "a/b.html", "https://a.example/b"})
    EXPECT_TRUE(is_permalink("permalink", address)) << address;
  for (const char* address : {"", "/:year/:title/", ":title", "/{{ page.fileSlug }}/"})
    EXPECT_FALSE(is_permalink("permalink", address)) << address;
  EXPECT_FALSE(is_permalink("url", "https://other.example/article"));
  EXPECT_TRUE(is_permalink("url", "/a"));
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
      {"iPhone-notes.md", "iPhone notes"},
      {"API-v2.md", "API v2"},
      {"2024-01-02-eBPF_and-XDP.md", "eBPF and XDP"},
      {"My e-mail set-up.md", "My e-mail set-up"},
      {"snake_case in C.md", "Snake_case in C"},
      {"2024-01-02-on e-mail.md", "On e-mail"},
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
