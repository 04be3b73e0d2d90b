#include "core/sync/record/marker.hpp"

#include <gtest/gtest.h>

#include <random>

#include "core/sync/record/fields.hpp"

namespace devy::record {
namespace marker_test {

constexpr const char* id = "0b5bdb8a-53b5-4b5f-9a34-2b6d7a1c9f10";
constexpr const char* space = "\xE2\x80\x8B";
const base::Secret key("a key of thirty-two bytes, or so");

Decoration by_alice() {
  Decoration decoration;
  decoration.author = Author{"alice", "https://devy.example/alice"};
  decoration.marker = make_marker(key, "task", id, 7);
  return decoration;
}

TEST(MarkerTest, IsGenuineForItsRecordAndRepositoryAlone) {
  const auto marker = make_marker(key, "task", id, 7);
  EXPECT_EQ(marker.code.size(), 16);
  EXPECT_TRUE(is_genuine(key, marker, 7));
  EXPECT_FALSE(is_genuine(key, marker, 8));
  EXPECT_FALSE(is_genuine(base::Secret("another key"), marker, 7));
  auto forged = marker;
  forged.kind = "comment";
  EXPECT_FALSE(is_genuine(key, forged, 7));
  forged = marker;
  forged.code.pop_back();
  EXPECT_FALSE(is_genuine(key, forged, 7));
}

TEST(DecorateTest, PutsTheHeaderBeforeAndTheMarkerBehind) {
  const auto body = decorate("Hello\n\nworld", by_alice());
  EXPECT_EQ(body,
            "<!-- devy:from -->\n**[alice](<https://devy.example/alice>)** on Devy\n"
            "<!-- /devy:from -->\n\nHello\n\nworld\n\n" +
                to_text(make_marker(key, "task", id, 7)));
  const auto stripped = strip(body);
  EXPECT_EQ(stripped.text, "Hello\n\nworld");
  EXPECT_TRUE(stripped.has_header);
  ASSERT_TRUE(stripped.marker);
  EXPECT_TRUE(is_genuine(key, *stripped.marker, 7));
}

TEST(DecorateTest, EscapesNames) {
  Decoration decoration;
  decoration.author = Author{"a](x) -->\n<b>", "https://devy.example/a"};
  const auto stripped = strip(decorate("text", decoration));
  EXPECT_TRUE(stripped.has_header);
  EXPECT_EQ(stripped.text, "text");
}

TEST(DecorateTest, DoesNotDoubleABrokenHeader) {
  const std::string broken = "<!-- devy:from -->\nbroken\nin two\n<!-- /devy:from -->\n\ntext";
  EXPECT_EQ(strip(broken).text, broken);
  EXPECT_FALSE(strip(broken).has_header);
  const auto again = decorate(broken, by_alice());
  EXPECT_EQ(again.find("<!-- /devy:from -->"), again.rfind("<!-- /devy:from -->"));
  EXPECT_EQ(strip(again).text, broken);
}

TEST(StripTest, LeavesWhatOnlyLooksLikeAMarker) {
  for (const auto* text :
       {"<!-- devy:task:no-id:0123456789abcdef -->", "text <!-- devy:from -->",
        "x <!-- devy:task:0b5bdb8a-53b5-4b5f-9a34-2b6d7a1c9f10:0123456789abcdef -->",
        "<!-- devy:task:0b5bdb8a-53b5-4b5f-9a34-2b6d7a1c9f10:0123456789ABCDEF -->",
        "<!-- devy:blog:0b5bdb8a-53b5-4b5f-9a34-2b6d7a1c9f10:0123456789abcdef -->",
        "<!-- devy: -->", "<!-- devy: -->x -->"}) {
    EXPECT_EQ(strip(text).text, text);
    EXPECT_FALSE(strip(text).marker) << text;
  }
}

TEST(StripTest, ReadsWhatBrowsersSave) {
  const auto body = decorate("one\ntwo", by_alice());
  std::string saved;
  for (const char byte : body)
    saved += byte == '\n' ? std::string("\r\n") : std::string(1, byte);
  EXPECT_EQ(strip(saved + "\r\n").text, "one\ntwo");
  EXPECT_TRUE(strip(saved).marker);
}

TEST(MentionTest, MentionsNobodyWhoIsNotLinked) {
  EXPECT_EQ(decorate("hi @bob, mail a@b.org", {}),
            std::string("hi @") + space + "bob, mail a@b.org");
  EXPECT_EQ(decorate("in `@code` and\n```\n@block\n```\n@out", {}),
            std::string("in `@code` and\n```\n@block\n```\n@") + space + "out");
  // A run of backticks that nothing closes is text.
  EXPECT_EQ(decorate("a `@bob", {}), std::string("a `@") + space + "bob");
}

TEST(MentionTest, TellsLinkedAccountsByTheirLogins) {
  Decoration decoration;
  decoration.mentions = {{"alice", "octo-alice_corp"}};
  const auto body = decorate("ask @Alice.", decoration);
  EXPECT_EQ(body, "ask @octo-alice_corp<!--@Alice-->.");
  EXPECT_EQ(strip(body).text, "ask @Alice.");
}

TEST(MentionTest, LeavesWhomTheTextMentionsThereAlready) {
  Decoration decoration;
  decoration.former = "thanks @Carol";
  EXPECT_EQ(decorate("thanks again @carol and @dave", decoration),
            std::string("thanks again @carol and @") + space + "dave");
}

TEST(MarkerTest, RefusesWhatOnlyThisProgramWrites) {
  EXPECT_TRUE(has_reserved("x <!-- devy:task"));
  EXPECT_TRUE(has_reserved("<!-- /devy:from -->"));
  EXPECT_FALSE(has_reserved("<!-- a comment about devy -->"));
}

// Texts of all that these functions look at, in any order.
class Texts {
 public:
  std::string next() {
    static const std::vector<std::string> parts{"@",
                                                "@bob",
                                                "@alice",
                                                "@Alice-x",
                                                space,
                                                "<!--@bob-->",
                                                "<!--@",
                                                "-->",
                                                " ",
                                                "\n",
                                                "\n\n",
                                                "`",
                                                "``",
                                                "```\n",
                                                "~~~\n",
                                                "    ",
                                                "word",
                                                "a@b",
                                                "-",
                                                "_",
                                                "\\",
                                                "é",
                                                "\xF0\x9F\x98\x80",
                                                "<!-- devy:from -->\n",
                                                "<!-- /devy:from -->",
                                                "<!-- devy:from",
                                                "<!-- devy:task:",
                                                " -->",
                                                to_text(make_marker(key, "task", id, 9)),
                                                "**x**",
                                                "\t",
                                                "- [ ] ",
                                                "> "};
    std::string text;
    for (auto count = random_() % 14; count > 0; --count)
      text += parts[random_() % parts.size()];
    return normal_text(text);
  }
  bool flip() { return random_() % 2 == 0; }

 private:
  std::mt19937 random_{20261201};
};

TEST(MarkerTest, StripsFromTextsExactlyWhatItAdded) {
  Texts texts;
  int compared = 0;
  for (int round = 0; round < 100'000; ++round) {
    const auto text = texts.next();
    const auto bare = strip(text);
    // What only this program writes comes here from GitHub alone, and stripped.
    if (bare.marker || bare.has_header) continue;
    Decoration decoration;
    if (texts.flip()) decoration.author = Author{"alice", "https://devy.example/alice"};
    if (texts.flip()) decoration.marker = make_marker(key, "task", id, 7);
    if (texts.flip()) decoration.mentions = {{"alice", "octo_alice"}, {"bob", "bob"}};
    const auto former = texts.next();
    if (texts.flip()) decoration.former = former;
    const auto body = decorate(text, decoration);
    const auto stripped = strip(body);
    ASSERT_EQ(stripped.text, text) << body;
    if (decoration.marker) {
      ASSERT_TRUE(stripped.marker) << body;
      ASSERT_TRUE(is_genuine(key, *stripped.marker, 7)) << body;
    }
    ++compared;
  }
  EXPECT_GT(compared, 80'000);
}

}  // namespace marker_test
}  // namespace devy::record
