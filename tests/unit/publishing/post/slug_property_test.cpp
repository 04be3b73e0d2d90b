// What holds for every slug, whatever script it comes from.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "core/platform/base/safe_text.hpp"
#include "core/publishing/markdown/unicode.hpp"
#include "core/publishing/post/slug.hpp"

namespace devy::post {
namespace slug_property_test {

// Fit for a URL's path, for a file's name, and for being compared byte by byte.
void expect_fit(const std::string& slug, const std::string& from) {
  SCOPED_TRACE("'" + slug + "' from '" + base::safe_text(from) + "'");
  EXPECT_FALSE(slug.empty());
  EXPECT_LE(slug.size(), 200U);
  EXPECT_TRUE(base::is_valid_utf8(slug));
  EXPECT_FALSE(base::has_control_character(slug));
  EXPECT_EQ(base::safe_text(slug), slug);  // no bidirectional override either
  EXPECT_EQ(markdown::normalize_nfc(slug), slug);
  EXPECT_EQ(slugify(slug), slug);
  EXPECT_EQ(slug.find_first_of(". \\:*?\"<>|%#&'"), std::string::npos);
  EXPECT_EQ(("/" + slug + "/").find("//"), std::string::npos);
  std::string_view rest = slug;
  char32_t before = '/';
  while (!rest.empty()) {
    const auto character = markdown::read_character(rest);
    EXPECT_FALSE(markdown::is_ignorable(character));
    const bool is_at_edge = before == '/' || before == '-';
    EXPECT_FALSE(is_at_edge && (markdown::is_mark(character) || character == '-'));
    EXPECT_FALSE(before == '-' && character == '/');
    before = character;
  }
  EXPECT_NE(before, U'-');
}

TEST(SlugProperty, HoldsForEveryScript) {
  const char* texts[] = {
      "مرحبا بالعالم، كيف الحال؟",
      "می‌شود",  // with a zero width non-joiner
      "שָׁלוֹם עולם",
      "你好，世界！",
      "こんにちは・世界「テスト」",
      "안녕하세요 세계",
      "हिन्दी में क्षत्रिय",
      "বাংলা ভাষায়",
      "தமிழ் மொழி",
      "สวัสดีชาวโลก",
      "မြန်မာဘာသာ",
      "ភាសាខ្មែរ",
      "Ελληνικά ΚΕΙΜΕΝΑ",
      "Съешь ещё этих мягких",
      "Türkçe İSTANBUL ışık",
      "Tiếng Việt",
      "ქართული ენა",
      "Հայերեն լեզու",
      "አማርኛ ቋንቋ",
      "ᏣᎳᎩ ᎦᏬᏂᎯᏍᏗ",
      "ǅungla ǈubljana",
      "Straße ﬁnal ŒUVRE",
      "ＦＵＬＬ　ＷＩＤＴＨ",
      "Kapitel Ⅳ ② ½ x²",
      "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𐐀𐐁",
  };
  for (const char* text : texts) {
    const auto slug = slugify(text);
    expect_fit(slug, text);
    EXPECT_NE(slug, "post") << text;
    expect_fit(slug_from_path(std::string("2024-01-02-") + text + ".md"), text);
  }
}

TEST(SlugProperty, HoldsForNamesThatSayNothing) {
  for (const char* text : {"",
                           " ",
                           ".",
                           "..",
                           "...",
                           "/",
                           "//",
                           "-",
                           "---",
                           "!!!",
                           "🎉",
                           "❤️",
                           "👩‍👩‍👧",
                           "1️⃣",
                           "🇩🇪",
                           "\xe2\x80\x8b",  // zero width space
                           "\xe3\x85\xa4",  // the Hangul filler, which is a letter that nobody sees
                           "\xef\xb8\x8f",  // a variation selector alone
                           "\xcc\x81\xcc\x81",  // accents on nothing
                           "\xe0\xa5\x8d",      // a virama on nothing
                           "\xe2\x80\xae",      // a right-to-left override
                           "\xf3\xa0\x81\xa7",  // a tag character
                           "\xff\xfe\xfd"}) {
    expect_fit(slugify(text), text);
    expect_fit(slug_from_path(std::string(text) + ".md"), text);
  }
  EXPECT_EQ(slugify("❤️"), "post");
  EXPECT_EQ(slugify("1️⃣ a"), "1\xe2\x83\xa3-a");  // a keycap is a mark of its digit
  EXPECT_EQ(slugify("\xe3\x85\xa4"), "post");
}

TEST(SlugProperty, GivesOneSlugToTextsThatLookTheSame) {
  const char* pairs[][2] = {
      {"caf\xc3\xa9", "cafe\xcc\x81"},                           // NFC and NFD
      {"\xec\x95\x88", "\xe1\x84\x8b\xe1\x85\xa1\xe1\x86\xab"},  // Hangul, composed and not
      {"HELLO", "hello"},
      {"ÄRGER", "ärger"},
      {"soft\xc2\xadhyphen", "softhyphen"},
      {"zero\xe2\x80\x8bwidth", "zerowidth"},
      {"می‌شود", "میشود"},
      {"heart ❤️", "heart ❤"},
  };
  for (const auto& [one, other] : pairs)
    EXPECT_EQ(slugify(one), slugify(other)) << one;
}

TEST(SlugProperty, HoldsForVeryLongNames) {
  for (const char* piece :
       {"a", "語", "e\xcc\x81", "क्ष", "👩‍👩‍👧", "a-", "a/", "-", "\xcc\x81"}) {
    std::string text = "x";
    while (text.size() < 1'000)
      text += piece;
    expect_fit(slugify(text), piece);
    expect_fit(slug_from_path(text + ".md"), piece);
  }
}

TEST(SlugProperty, AvoidsTheAddressesOfTheBlogItself) {
  for (const char* name : {"feed.xml", "sitemap.xml", "index.html", "robots.txt"}) {
    EXPECT_NE(slugify(name), name);
    EXPECT_NE(slug_from_path(std::string(name) + ".md"), name);
  }
}

// Every character, and random texts of them: same seed, same texts.
TEST(SlugProperty, HoldsForEveryCharacter) {
  for (char32_t character = 1; character < 0x110000; ++character) {
    if (character >= 0xd800 && character < 0xe000) continue;
    std::string text;
    markdown::append_character(text, character);
    const auto slug = slugify("a" + text + "b");
    if (slug.empty() || slugify(slug) != slug || markdown::normalize_nfc(slug) != slug)
      ADD_FAILURE() << std::hex << static_cast<unsigned>(character) << ' ' << slug;
  }
}

TEST(SlugProperty, HoldsForRandomTexts) {
  std::mt19937 random(1);  // NOLINT: the same texts every time
  const std::vector<std::pair<unsigned, unsigned>> ranges{
      {0x20, 0x7e},     {0xa0, 0x24f},    {0x300, 0x36f},     {0x370, 0x52f},    {0x590, 0x6ff},
      {0x900, 0xdff},   {0xe00, 0x109f},  {0x1100, 0x11ff},   {0x1780, 0x17ff},  {0x2000, 0x206f},
      {0x2150, 0x218f}, {0x2460, 0x24ff}, {0x3040, 0x30ff},   {0x4e00, 0x4eff},  {0xac00, 0xacff},
      {0xfe00, 0xfe0f}, {0xff00, 0xffef}, {0x1f300, 0x1f6ff}, {0xe0000, 0xe01ef}};
  for (int round = 0; round < 5'000; ++round) {
    std::string text;
    for (auto left = random() % 12; left > 0; --left) {
      const auto& [low, high] = ranges[random() % ranges.size()];
      markdown::append_character(text, low + static_cast<char32_t>(random() % (high - low + 1)));
      if (random() % 8 == 0) text += '/';
    }
    expect_fit(slugify(text), text);
    expect_fit(slug_from_path(text + ".md"), text);
  }
}

TEST(SlugOfAddress, ReadsOldAddresses) {
  const char* cases[][2] = {
      {"old", "old"},
      {"/old/", "old"},
      {"/2019/Old Page/", "2019/old-page"},
      {"/2019/old-page.html", "2019/old-page"},
      {"/2019/old-page/index.html", "2019/old-page"},
      {"/index.html", ""},  // the blog itself
      {"posts/old.md", "posts/old"},
      {"https://old.example/2019/01/a.html?utm=1#top", "2019/01/a"},
      {"https://old.example:8080/a", "a"},
      {"/caf%C3%A9/%20b", "café/b"},
      {"/100%/x%2", "100/x-2"},
      {"/a/../b", "a/b"},
      {"/v1.2", "v1-2"},
      {"/?p=12", ""},
      {"https://old.example", ""},
      {"/", ""},
      {"", ""},
      {"🎉", ""},
  };
  for (const auto& [address, slug] : cases)
    EXPECT_EQ(slug_of_address(address).value_or(""), slug) << address;
}

TEST(SlugOfAddress, LeavesASlugAsItIs) {
  for (const char* slug : {"a", "a/b", "über-uns", "日本語", "2024-01-02", "index"})
    EXPECT_EQ(slug_of_address(slug), slug);
}

}  // namespace slug_property_test
}  // namespace devy::post
