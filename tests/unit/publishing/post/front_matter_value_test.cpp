// Values that cannot be used cost a warning at their line and never the post; keys have many names.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/platform/base/time_text.hpp"
#include "core/platform/config/config.hpp"
#include "core/publishing/post/front_matter.hpp"

namespace devy::post {
namespace front_matter_value_test {

using Texts = std::vector<std::string>;

FrontMatter read(const std::string& text) {
  const auto result = read_front_matter(text, Timezone{}, config::Limits{}.front_matter_bytes_max);
  if (const auto* problem = std::get_if<FrontMatterProblem>(&result))
    ADD_FAILURE() << text << ": " << problem->message;
  return std::holds_alternative<FrontMatter>(result) ? std::get<FrontMatter>(result)
                                                     : FrontMatter{};
}

FrontMatter yaml(const std::string& block) {
  return read("---\n" + block + "\n---\n");
}

FrontMatter toml(const std::string& block) {
  return read("+++\n" + block + "\n+++\n");
}

// "line:col: message" of the only warning.
std::string warning_of(const std::string& block) {
  const auto matter = yaml(block);
  EXPECT_EQ(matter.warnings.size(), 1U) << block;
  if (matter.warnings.empty()) return "";
  const auto& warning = matter.warnings[0];
  return std::to_string(warning.place.line) + ":" + std::to_string(warning.place.column) + ": " +
         warning.message;
}

TEST(FrontMatterValue, HasTheNamesOfEveryGenerator) {
  for (const char* key : {"date", "pubDate", "pub_date", "publishDate", "publish-date", "created"})
    EXPECT_TRUE(yaml(std::string(key) + ": 2024-01-02").date) << key;
  for (const char* key : {"updated", "lastmod", "modified", "updatedDate", "last_modified_at",
                          "last-modified-at", "lastModifiedAt"})
    EXPECT_TRUE(yaml(std::string(key) + ": 2024-01-02").updated) << key;
  for (const char* key : {"expires", "expiryDate", "expiry_date"})
    EXPECT_TRUE(yaml(std::string(key) + ": 2024-01-02").expires) << key;
  for (const char* key : {"summary", "description", "excerpt", "subtitle", "Description"})
    EXPECT_EQ(yaml(std::string(key) + ": s").summary, "s") << key;
  for (const char* key : {"cover", "image", "coverImage", "cover_image", "cover-image", "heroImage",
                          "hero_image", "banner"})
    EXPECT_EQ(yaml(std::string(key) + ": a.png").cover, "a.png") << key;
  for (const char* key : {"canonical", "canonical_url", "canonicalURL", "canonicalUrl"})
    EXPECT_EQ(yaml(std::string(key) + ": https://a.b/c").canonical, "https://a.b/c") << key;
  for (const char* key : {"aliases", "redirect_from", "redirectFrom"})
    EXPECT_EQ(yaml(std::string(key) + ": /old").aliases, Texts{"/old"}) << key;
  for (const char* key : {"tags", "Tags", "categories", "category", "tag"})
    EXPECT_EQ(yaml(std::string(key) + ": a").tags, Texts{"a"}) << key;
  for (const char* key : {"author", "authors", "Author"})
    EXPECT_EQ(yaml(std::string(key) + ": Ann").authors, Texts{"Ann"}) << key;
}

TEST(FrontMatterValue, FindsTagsUnderTaxonomies) {
  EXPECT_EQ(toml("title = 'Z'\n[taxonomies]\ntags = ['a']\ncategories = ['b']").tags,
            (Texts{"a", "b"}));
  EXPECT_EQ(yaml("tags: [a]\ntaxonomies:\n  Tags: [b, a]\n  category: c").tags,
            (Texts{"a", "b", "c"}));
  EXPECT_EQ(warning_of("taxonomies: [a]"),
            "2:13: 'taxonomies' is left out: it must be a map of lists, and not a list");
}

TEST(FrontMatterValue, FlattensListsAndNamesMaps) {
  EXPECT_EQ(yaml("categories:\n  - [Diary, Console]\n  - [Diary, [Games]]").tags,
            (Texts{"Diary", "Console", "Games"}));
  EXPECT_EQ(yaml("tags:\n  - label: Big News\n    permalink: /big\n  - name: b\n  - Title: c").tags,
            (Texts{"Big News", "b", "c"}));
  EXPECT_EQ(yaml("tags: {label: only}").tags, Texts{"only"});
  EXPECT_EQ(yaml("authors: [[Ann], {title: Bob}]").authors, (Texts{"Ann", "Bob"}));
}

TEST(FrontMatterValue, IsLeftOutWithAWarningWhereItCannotBeUsed) {
  const std::string dates =
      "it must be a date such as 2024-01-02 or 2024-01-02T03:04:05Z, and not ";
  EXPECT_EQ(warning_of("lastmod: soon"), "2:10: 'lastmod' is left out: " + dates + "'soon'");
  EXPECT_EQ(warning_of("a: b\ndate: [2024]"), "3:7: 'date' is left out: " + dates + "a list");
  EXPECT_EQ(warning_of("expiryDate: {a: b}"), "2:13: 'expiryDate' is left out: " + dates + "a map");
  EXPECT_EQ(warning_of("date: 03/04/2024"),
            "2:7: 'date' is left out: '03/04/2024' does not say which number is the month; write "
            "the year first, as in 2024-01-02");
  EXPECT_EQ(warning_of("lang: [de]"),
            "2:7: 'lang' is left out: it must be a text, and not a list; put the value in quotes");
  EXPECT_EQ(warning_of("title: [Draft]"),
            "2:8: 'title' is left out: it must be a text, and not a list; put the value in quotes");
  EXPECT_EQ(warning_of("slug: {a: b}"),
            "2:7: 'slug' is left out: it must be a text, and not a map; put the value in quotes");
  EXPECT_EQ(warning_of("tags: [a, {b: c}]"),
            "2:11: 'tags' is left out: it must be a text, a list of texts or of maps with a "
            "'name', and not a map");
  EXPECT_EQ(warning_of("cover: [a.png]"),
            "2:8: 'cover' is left out: it must be an address, and not a list");
  EXPECT_EQ(warning_of("canonical: [x]"),
            "2:12: 'canonical' is left out: it must be an address, and not a list");
  for (const char* block : {"title: {}", "summary: []", "aliases: [{a: b}]", "author: {a: b}"})
    EXPECT_EQ(yaml(block).warnings.size(), 1U) << block;
}

TEST(FrontMatterValue, GivesWayToTheNextNameWhereItCannotBeUsed) {
  const auto matter = yaml("date: soon\npubDate: 2024-01-02\nsummary: [x]\nexcerpt: e");
  EXPECT_EQ(base::format_rfc3339(matter.date.value().at), "2024-01-02T00:00:00.000Z");
  EXPECT_EQ(matter.summary, "e");
  EXPECT_EQ(matter.warnings.size(), 2U);
  EXPECT_EQ(yaml("cover: data:x\nimage: a.png").cover, "a.png");
}

TEST(FrontMatterValue, IsADateInAnyNotation) {
  EXPECT_TRUE(yaml("date: 2020").date);
  EXPECT_TRUE(yaml("date: '2024-01-02 10:30 PM'").date);
  EXPECT_TRUE(yaml("date: Tue May 10 2022 12:00:00 GMT+0000 (Coordinated Universal Time)").date);
  EXPECT_TRUE(toml("date = 2024-01-02").date);
  EXPECT_TRUE(toml("date = 2024-01-02T10:30:00").date);
  EXPECT_TRUE(toml("date = 2024").date);
  EXPECT_FALSE(toml("date = 07:32:00").date);
}

TEST(FrontMatterValue, WarnsOfKeysOfOneName) {
  EXPECT_EQ(warning_of("cover_image: a\ncoverImage: b"),
            "3:13: 'coverImage' is there twice, and the last one counts");
}

TEST(FrontMatterValue, WarnsOfTheBeginningThatYamlTakesAway) {
  const auto matter = yaml("title: &more things");
  EXPECT_EQ(matter.title, "things");
  EXPECT_EQ(warning_of("title: &more things"),
            "2:8: '&more' is left out: at the beginning of a value it is no text; put the value in "
            "quotes");
  EXPECT_EQ(warning_of("title: !important x"),
            "2:8: '!important' is left out: at the beginning of a value it is no text; put the "
            "value in quotes");
  EXPECT_EQ(warning_of("title: #1 in the charts"),
            "2:8: '#1 in the charts' is left out: at the beginning of a value it is no text; put "
            "the value in quotes");
  EXPECT_TRUE(yaml("title: # a comment\ntags: #x\n  - a\nb: ## c").warnings.empty());
  EXPECT_TRUE(yaml("a: &x b\nc: *x\nd: !!str 1\ne: ! f").warnings.empty());
}

TEST(FrontMatterValue, KeepsTheFirstThousandOfAList) {
  std::string tags = "tags: [0";
  for (int i = 1; i < 1'200; ++i)
    tags += ", " + std::to_string(i);
  const auto matter = yaml(tags + "]");
  EXPECT_EQ(matter.tags.size(), 1'000U);
  ASSERT_EQ(matter.warnings.size(), 1U);
  EXPECT_EQ(matter.warnings[0].message, "of 'tags' only the first 1000 texts count");
}

}  // namespace front_matter_value_test
}  // namespace devy::post
