#include "core/publishing/post/word_count.hpp"

#include <gtest/gtest.h>

#include "core/publishing/post/document.hpp"

#include <string>

namespace devy::post {
namespace word_count_test {

struct Case {
  const char* html;
  std::uint32_t words;
};

TEST(WordCount, CountsRunsOfLettersAndDigits) {
  const Case cases[] = {
      {"", 0},
      {"<p>One, two; three!</p>", 3},
      {"<p>don't stop-gap it’s &#39;quoted&#39;</p>", 4},
      {"<p>AT&amp;T &lt;3 … — !</p>", 3},
      {"<p>2024 — 3.14</p>", 3},
      {"<p>naïve Zoë über1 1a</p>", 4},
      {"<p>Привет, мир. Ünïcode हिन्दी भाषा مرحبا بالعالم</p>", 7},
      {"<p>e\xcc\x81t\xc3\xa9</p>", 1},  // decomposed
      {"<p>안녕하세요 세계</p>", 2},
      {"<p>🎉 🎉</p>", 0},
  };
  for (const auto& [html, words] : cases)
    EXPECT_EQ(count_words(html), words) << html;
}

TEST(WordCount, CountsTheCharactersOfScriptsWithoutSpaces) {
  EXPECT_EQ(count_words("<p>你好，世界。</p>"), 4U);
  EXPECT_EQ(count_words("<p>これは日本語です</p>"), 8U);
  EXPECT_EQ(count_words("<p>用C++写 Hello world 程序</p>"), 7U);  // 用 C 写 Hello world 程 序
  // "Hello, world" is three words: สวัสดี ชาว โลก, written as one.
  EXPECT_EQ(count_words("<p>สวัสดีชาวโลก</p>"), 3U);
}

TEST(WordCount, TakesTagsForWhatTheyAreOnAPage) {
  const Case cases[] = {
      {"<p>un<em>believ</em>able</p>", 1},
      {"<p>one</p><p>two</p>", 2},
      {"<ul><li>one</li><li>two</li></ul>", 2},
      {"<table><tr><td>a</td><td>b</td></tr></table>", 2},
      {"one<br />two<hr />three", 3},
      {"<p><a href=\"/x?a=one two>three\" title='more > words'>link</a></p>", 1},
      {"<img src=\"\" alt=\"four words not here\" />", 0},
      {"<pre><code class=\"language-c\">int main() { return 0; }\n</code></pre>", 4},
      {"<p>so.<sup><a href=\"#fn\" data-footnote-ref=\"\">1</a></sup> End</p>", 2},
      {"<p>so.<sup><a href=\"#x\" title=\"data-footnote-ref\">1</a></sup> End</p>", 3},
  };
  for (const auto& [html, words] : cases)
    EXPECT_EQ(count_words(html), words) << html;
}

// By the markup that rendering really makes.
TEST(WordCount, CountsWhatTheAuthorOfAPostWrote) {
  const auto words = [](const std::string& text) {
    const auto rendered = make_document({"a.md", text}, config::Limits{}, {});
    return std::get<Document>(rendered.result).word_count;
  };
  EXPECT_EQ(words("---\ntitle: Three words more\n---\nOne *two*, `three`.\n"), 3U);
  EXPECT_EQ(words("# Its title\n\n## A heading\n\n- [ ] one\n- [x] two\n"), 4U);
  EXPECT_EQ(words("One.[^a] Two.\n\n[^a]: Three.\n"), 4U);  // and "Footnotes"
  EXPECT_EQ(words("![no words](a.png) <!-- none --> [one](/two)\n"), 1U);
}

TEST(WordCount, EndsForTextThatIsCutAnywhere) {
  const std::string html =
      "<p>a <a href=\"x\">b</a> &amp; 世<sup><a data-footnote-ref=\"\">1</a></sup></p>";
  std::uint32_t last = 0;
  for (std::size_t size = 0; size <= html.size(); ++size) {
    const auto words = count_words(std::string_view(html).substr(0, size));
    EXPECT_LE(words, last + 1);
    last = words;
  }
  EXPECT_EQ(last, 3U);
}

TEST(ReadingTime, RoundsUp) {
  EXPECT_EQ(reading_minutes(0), 0U);
  EXPECT_EQ(reading_minutes(1), 1U);
  EXPECT_EQ(reading_minutes(238), 1U);
  EXPECT_EQ(reading_minutes(239), 2U);
  EXPECT_EQ(reading_minutes(0xffffffff), 18'046'082U);
}

}  // namespace word_count_test
}  // namespace devy::post
