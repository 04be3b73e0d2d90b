// Hostile text at every name of every template: the page's elements and attributes are those that
// it has with harmless text, as gumbo, which shares no code with ctemplate, reads it.

#include <gtest/gtest.h>
#include <gumbo.h>

#include <memory>
#include <string>
#include <string_view>

#include "core/platform/web/html/page.hpp"
#include "tests/support/web/sample_page.hpp"

namespace devy::html {
namespace {

constexpr std::string_view hostile_text =
    "\"'><script>alert(1)</script><img src=x onerror=alert(1)> onmouseover=alert(1) style=x:y "
    "javascript:alert(1) </title></textarea></pre></option>--><!-- ]]> {{TITLE}} {{%X}} &lt;b&gt; "
    "`=\x01\x7F\xFF\xE2\x80\xAE\xC2\x85\xED\xA0\x80";

// The elements and the names of their attributes, depth first.
void add_outline(const GumboNode* node, std::string& outline) {
  if (node->type != GUMBO_NODE_ELEMENT && node->type != GUMBO_NODE_TEMPLATE) return;
  const GumboElement& element = node->v.element;
  outline += element.tag == GUMBO_TAG_UNKNOWN
                 ? std::string(element.original_tag.data, element.original_tag.length)
                 : gumbo_normalized_tagname(element.tag);
  for (unsigned index = 0; index < element.attributes.length; ++index)
    outline +=
        std::string(" ") + static_cast<const GumboAttribute*>(element.attributes.data[index])->name;
  outline += "\n";
  for (unsigned index = 0; index < element.children.length; ++index)
    add_outline(static_cast<const GumboNode*>(element.children.data[index]), outline);
}

std::string outline_of(const std::string& html) {
  const auto destroy = [](GumboOutput* output) {
    gumbo_destroy_output(&kGumboDefaultOptions, output);
  };
  const std::unique_ptr<GumboOutput, decltype(destroy)> parsed(
      gumbo_parse_with_options(&kGumboDefaultOptions, html.data(), html.size()), destroy);
  std::string outline;
  add_outline(parsed->root, outline);
  return outline;
}

TEST(Page, KeepsItsElementsWhateverTextIsPutIn) {
  testing::SampleOptions harmless{.text = [](auto) { return std::string("text"); }};
  testing::SampleOptions hostile{.text = [](auto) { return std::string(hostile_text); }};
  for (const auto file : all_templates()) {
    if (file.file.starts_with("part_") || file.file.starts_with("layout")) continue;
    const auto html = testing::sample_page(file, hostile);
    EXPECT_EQ(outline_of(html), outline_of(testing::sample_page(file, harmless))) << file.file;
    EXPECT_EQ(html.find("<script>"), std::string::npos) << file.file;
    for (const char byte : html)
      if (static_cast<unsigned char>(byte) < ' ' && byte != '\n') {
        ADD_FAILURE() << file.file << ": a control character";
        break;
      }
  }
}

TEST(Page, KeepsLineEndsOfText) {
  testing::SampleOptions lines{.text = [](auto) { return std::string("{\n\t\"a\": \"<b>\"\n}"); }};
  EXPECT_NE(testing::sample_page({"delivery"}, lines)
                .find(">{\n\t&quot;a&quot;: &quot;&lt;b&gt;&quot;\n}</pre>"),
            std::string::npos);
}

}  // namespace
}  // namespace devy::html
