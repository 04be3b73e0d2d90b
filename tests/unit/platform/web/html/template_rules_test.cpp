// Templates that the loader refuses, one for each hole of ctemplate's escaping (web.md,
// "Templates").

#include "core/platform/web/html/template_rules.hpp"

#include <gtest/gtest.h>

#include <string>

#include "core/platform/base/error.hpp"
#include "core/platform/web/html/template_tokens.hpp"

namespace devy::html {
namespace {

// Why the template is refused; empty when it is not.
std::string refusal(const std::string& text) {
  try {
    (void)check_template("try", std::string(autoescape_pragma) + text);
    return {};
  } catch (const base::Error& error) {
    return error.text();
  }
}

bool is_refused(const std::string& text, const std::string& why) {
  return refusal(text).find(why) != std::string::npos;
}

TEST(TemplateRules, AcceptsWhatPagesAreMadeOf) {
  EXPECT_EQ(
      refusal("{{! {not} }}<!DOCTYPE html><p class=\"st {{MARK}}\">{{A}}</p>\n"
              "{{#ROW}}<a href=\"{{X_URL}}\"{{#IS}} aria-current=\"page\"{{/IS}}>{{A}}</a>{{/ROW}}"
              "<div hx-get='{{X_URL}}' hx-trigger=\"every {{POLL_SECONDS}}s\"></div>"
              "<pre>{{TEXT:pre_escape}}</pre>{{>PART}}<input disabled><br/>"),
      "");
}

TEST(TemplateRules, RefusesTemplatesWithoutEscaping) {
  for (const char* text : {"<p>{{A}}</p>", "\n{{%AUTOESCAPE context=\"HTML\"}}",
                           "{{%AUTOESCAPE context=\"HTML\" state=\"IN_TAG\"}}"})
    EXPECT_THROW((void)check_template("try", text), base::Error) << text;
  EXPECT_TRUE(is_refused("{{%AUTOESCAPE context=\"JAVASCRIPT\"}}", "no pragma"));
  EXPECT_TRUE(is_refused("{{=<< >>=}}<<A>>", "no pragma"));
}

TEST(TemplateRules, RefusesModifiers) {
  for (const char* text : {"{{A:none}}", "<p id=\"{{A:h}}\">", "{{#A:x}}{{/A}}", "{{>A:none}}",
                           "{{A:pre_escape:none}}"})
    EXPECT_TRUE(is_refused(text, "modifier")) << text << refusal(text);
}

TEST(TemplateRules, RefusesUrlsInPieces) {
  for (const char* text :
       {"<a href=\"/x?q={{A}}\">", "<a href=\"{{A}}\">", "<a href=\"{{A_URL}}?b=1\">",
        "<i hx-get=\"{{A}}\">", "<button formaction=\"{{A}}\">", "<use xlink:href=\"{{A}}\">",
        "<form action='{{A_URL}}{{B_URL}}'>", "<i HX-POST=\"{{A}}\">", "<img srcset=\"{{A}} 2x\">"})
    EXPECT_TRUE(is_refused(text, "one whole")) << text << refusal(text);
  for (const char* text :
       {"<a href=\"javascript:x()\">", "<a href=\" javascript:x\">", "<a href=\"//else.example\">",
        "<a href=\"http://a.example\">", "<a href=\"data:,\">", "<i hx-get=\"x\">"})
    EXPECT_FALSE(refusal(text).empty()) << text;
  EXPECT_TRUE(is_refused("<p>{{A_URL}}</p>", "a URL stands in"));
  EXPECT_TRUE(is_refused("<p title=\"{{A_URL}}\">", "a URL stands in"));
}

TEST(TemplateRules, RefusesScriptAndStyle) {
  for (const char* text :
       {"<p onclick=\"x()\">", "<p OnClick=x>", "<p style=\"color:red\">", "<script>x</script>",
        "<script src=\"{{A_URL}}\">x</script>", "<script></script>", "<style>p{}</style>",
        "<p hx-on:click=\"x\">", "<p hx-on--load=\"x\">", "<p data-hx-get=\"/x\">",
        "<p hx-vals=\"js:{a:1}\">", "<p hx-vals='javascript:x'>", "<p hx-vars=\"a:1\">",
        "<p hx-trigger=\"click[x]\">", "<iframe src=\"{{A_URL}}\"></iframe>",
        "<iframe sandbox srcdoc=\"{{A}}\"></iframe>", "<base href=\"/\">", "<object data=\"/x\">",
        "<p hx-ext=\"x\">"})
    EXPECT_FALSE(refusal(text).empty()) << text;
}

TEST(TemplateRules, RefusesValuesThatHtmxReads) {
  for (const char* text : {"<p hx-vals='{\"a\":\"{{A}}\"}'>", "<p hx-target=\"{{A}}\">",
                           "<p hx-trigger=\"every {{A}}\">", "<p hx-headers='{\"a\":\"{{A}}\"}'>"})
    EXPECT_TRUE(is_refused(text, "htmx reads")) << text << refusal(text);
}

TEST(TemplateRules, RefusesPlacesWithoutARuleOfEscaping) {
  for (const char* text : {"<{{A}}>",
                           "<p {{A}}>",
                           "<p {{A}}=\"x\">",
                           "<p a{{A}}=\"x\">",
                           "<p a={{A}}>",
                           "<p a=x{{A}}>",
                           "<!-- {{A}} -->",
                           "<!{{A}}>",
                           "<meta content=\"{{A}}\">",
                           "<p a=\"{{#A}}x{{/A}}\">",
                           "<p{{>A}}>",
                           "<p a=\"{{>A}}\">",
                           "< p>",
                           "<p a=\"x\"b=\"{{A}}\">",
                           "{{a}}",
                           "{{BI_SPACE}}",
                           "{{A",
                           "<p",
                           "<p a=\"",
                           "{{#A}}<p a=\"1\" {{/A}}>",
                           "{{#A}}",
                           "{{/A}}",
                           "{{#A}}{{#B}}{{/A}}{{/B}}"})
    EXPECT_FALSE(refusal(text).empty()) << text;
}

TEST(TemplateRules, NamesTheLine) {
  EXPECT_EQ(refusal("\n<p>\n{{A:none}}"),
            "unable to load template 'try': line 3: a modifier could switch escaping off");
}

TEST(TemplateRules, ListsNamesBySection) {
  const auto names =
      check_template("try", std::string(autoescape_pragma) +
                                "{{A}}{{#B}}<p id=\"{{C}}\">{{>D}}</p>{{/B}}{{#B}}{{E}}{{/B}}");
  EXPECT_EQ(names.values, std::vector<std::string>{"A"});
  EXPECT_EQ(names.sections.at("B").values, (std::vector<std::string>{"C", "E"}));
  EXPECT_EQ(names.sections.at("B").includes, std::vector<std::string>{"D"});
}

}  // namespace
}  // namespace devy::html
