// Notes of activities as gumbo, which shares no code with the builder, reads them.
#include "core/crm/note.hpp"

#include <gtest/gtest.h>
#include <gumbo.h>

#include <memory>
#include <set>
#include <vector>

namespace devy::crm {
namespace note_test {

constexpr const char* item = "0f8fad5b-d9cb-469f-a165-70867728950e";
constexpr std::size_t plenty = 60'000;

// The text of a document's body, by element, and the elements and attributes that it has.
struct Seen {
  std::set<std::string> elements, attributes;
  std::string pre;                      // the text of the pre elements
  std::vector<std::string> paragraphs;  // their texts
  std::string link;                     // the last link's address
};

void see(const GumboNode& node, Seen& seen, std::string& text) {
  if (node.type != GUMBO_NODE_ELEMENT) {
    if (node.type != GUMBO_NODE_COMMENT) text += node.v.text.text;
    else seen.elements.insert("comment");
    return;
  }
  const auto& element = node.v.element;
  const std::string name = gumbo_normalized_tagname(element.tag);
  const bool is_frame = name == "html" || name == "head" || name == "body";
  if (!is_frame) seen.elements.insert(name);
  for (unsigned i = 0; i < element.attributes.length; ++i) {
    const auto* attribute = static_cast<const GumboAttribute*>(element.attributes.data[i]);
    seen.attributes.insert(attribute->name);
    seen.link = attribute->value;
  }
  std::string inner;
  for (unsigned i = 0; i < element.children.length; ++i)
    see(*static_cast<const GumboNode*>(element.children.data[i]), seen, inner);
  if (name == "pre") seen.pre += inner;
  if (name == "p") seen.paragraphs.push_back(inner);
  text += inner;
}

Seen parsed(const std::string& html) {
  const auto destroy = [](GumboOutput* output) {
    gumbo_destroy_output(&kGumboDefaultOptions, output);
  };
  const std::unique_ptr<GumboOutput, decltype(destroy)> output(
      gumbo_parse_with_options(&kGumboDefaultOptions, html.data(), html.size()), destroy);
  Seen seen;
  std::string text;
  see(*output->root, seen, text);
  return seen;
}

Note note_of(std::string text) {
  Note note;
  note.filename = "notes.md";
  note.url = "https://gist.github.com/alice/1";
  note.size = text.size();
  note.found_at = "2026-12-01 00:00 UTC";
  note.text = std::move(text);
  note.marker = {item, 3};
  return note;
}

// In the manner of OWASP's list of ways around filters.
const std::vector<std::string> hostile{
    "<script>alert(1)</script>",
    "</pre></p><script src=//evil.example></script><pre>",
    "<IMG SRC=\"javascript:alert('XSS');\">",
    "<img src=x onerror=alert(1)//",
    "\"><svg/onload=alert(1)>",
    "'\"`><iframe srcdoc='<script>1</script>'>",
    "<a href=\"jav&#x09;ascript:alert(1)\">x</a>",
    "&lt;script&gt;&#60;b&#62;&amp;amp;",
    "<!--<img src=\"--><img src=x onerror=alert(1)//\">",
    "<![CDATA[<b>]]>",
    "<<SCRIPT>alert(1);//\\<</SCRIPT>",
    "</title></textarea></style></xmp></noscript></plaintext><b>",
    "<plaintext>",
    "<p>devy:0f8fad5b-d9cb-469f-a165-70867728950e/9</p>",
    "</p><p>devy:0f8fad5b-d9cb-469f-a165-70867728950e/9",
    "\n\nbegins with line breaks\n",
    "tab\there \xe2\x80\xae override",
    "<math><mi//xlink:href=\"data:x,<script>alert(4)</script>\">",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
};

TEST(NoteTest, ShowsHostileTextAsText) {
  for (const auto& text : hostile) {
    SCOPED_TRACE(text);
    const auto html = build_note(note_of(text), plenty);
    const auto seen = parsed(html);
    EXPECT_EQ(seen.elements, (std::set<std::string>{"a", "p", "pre"}));
    EXPECT_EQ(seen.attributes, std::set<std::string>{"href"});
    EXPECT_EQ(seen.pre, text);
    ASSERT_EQ(seen.paragraphs.size(), 2U);
    EXPECT_EQ(seen.paragraphs.back(), std::string("devy:") + item + "/3");
    EXPECT_EQ(marker_of(html), (Marker{item, 3}));
  }
}

TEST(NoteTest, ShowsHostileNamesAsText) {
  for (const auto& text : hostile) {
    SCOPED_TRACE(text);
    auto note = note_of("x");
    note.filename = text;
    note.url = "https://a.example/\"><b>" + text.substr(0, 1);
    const auto seen = parsed(build_note(note, plenty));
    EXPECT_EQ(seen.elements, (std::set<std::string>{"a", "p", "pre"}));
    EXPECT_EQ(seen.attributes, std::set<std::string>{"href"});
    EXPECT_EQ(seen.link, note.url);
  }
}

TEST(NoteTest, LinksNothingButHttp) {
  auto note = note_of("x");
  note.url = "javascript:alert(1)";
  EXPECT_EQ(parsed(build_note(note, plenty)).elements, (std::set<std::string>{"p", "pre"}));
}

TEST(NoteTest, ReplacesBytesThatHtmlHasNot) {
  const auto html = build_note(note_of(std::string("a\0b\x01 c\xff\r\nd\re", 12)), plenty);
  EXPECT_EQ(parsed(html).pre, "a\ufffdb\ufffd c\ufffd\nd\ne");
}

TEST(NoteTest, CutsAtACharacterAndSaysSo) {
  std::string text;
  for (int i = 0; i < 3'000; ++i)
    text += "é<";
  for (std::size_t bytes_max = 1'000; bytes_max < 1'012; ++bytes_max) {
    const auto html = build_note(note_of(text), bytes_max);
    EXPECT_LE(html.size(), bytes_max);
    EXPECT_GT(html.size(), bytes_max - 20);
    const auto seen = parsed(html);
    EXPECT_TRUE(text.starts_with(seen.pre));
    ASSERT_EQ(seen.paragraphs.size(), 3U);
    EXPECT_EQ(seen.paragraphs[1], "The text is cut: these are its first " +
                                      std::to_string(seen.pre.size()) + " of 9000 bytes.");
    EXPECT_EQ(marker_of(html), (Marker{item, 3}));
  }
}

TEST(NoteTest, SaysThatOnlyTheBeginningIsKnown) {
  auto note = note_of("beginning");
  note.size = 5'000'000;
  EXPECT_EQ(parsed(build_note(note, plenty)).paragraphs[1],
            "The text is cut: these are its first 9 of 5000000 bytes.");
}

TEST(NoteTest, TellsFactsAloneOfAFileWithoutText) {
  auto note = note_of("");
  note.text.reset();
  note.size = 12;
  note.remark = "It is no text.";
  const auto seen = parsed(build_note(note, plenty));
  EXPECT_EQ(seen.paragraphs,
            (std::vector<std::string>{"notes.md, 12 bytes, found 2026-12-01 00:00 UTC",
                                      "It is no text.", std::string("devy:") + item + "/3"}));
}

TEST(SubjectTest, HasAtMost255Characters) {
  std::string name;
  for (int i = 0; i < 300; ++i)
    name += "é";
  EXPECT_EQ(subject_of(name).size(), 510U);
  EXPECT_EQ(subject_of("a\nb\xff"), "a\ufffdb\ufffd");
}

TEST(MarkerTest, IsFoundInWhatEditorsMakeOfIt) {
  const std::string marker = std::string("devy:") + item + "/12";
  for (const auto& note :
       {"<p>x</p><p>" + marker + "</p>", "<p class=\"a\">\n <b>" + marker + "</b>&nbsp;</p>\n",
        "<p>" + marker + "\u00a0<br></p>", "<p>" + marker})
    EXPECT_EQ(marker_of(note), (Marker{item, 12})) << note;
}

TEST(MarkerTest, IsNothingElse) {
  const std::string marker = std::string("devy:") + item;
  for (const std::string& note : std::vector<std::string>{
           marker + "/1", "<p>" + marker + "/1</p><p>more</p>", "<p>" + marker + "/1 more</p>",
           "<p>" + marker + "/0</p>", "<p>" + marker + "/</p>", "<p>" + marker + "/99999999999</p>",
           "<p>devy:0f8fad5b-d9cb-469f-a165-70867728950/1</p>", ""})
    EXPECT_EQ(marker_of(note), std::nullopt) << note;
}

}  // namespace note_test
}  // namespace devy::crm
