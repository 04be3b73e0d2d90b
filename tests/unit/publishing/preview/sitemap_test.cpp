#include "core/publishing/preview/sitemap.hpp"

#include <gtest/gtest.h>

#include "core/platform/base/time_text.hpp"
#include "tests/support/xml.hpp"

namespace devy::preview {
namespace sitemap_test {

using Lines = std::vector<std::string>;

TEST(Sitemap, NamesEachPageByItsWholeAddress) {
  const auto xml =
      sitemap("https://devy.example", {{"/alice/notes", base::parse_day("2026-01-02")},
                                       {"/alice/notes/%C3%BCber", base::parse_day("2025-12-31")},
                                       {"/alice/notes/a&b", {}}});
  EXPECT_EQ(
      devy::testing::read_xml(xml),
      (Lines{"{http://www.sitemaps.org/schemas/sitemap/0.9}urlset",
             "urlset/url/loc=https://devy.example/alice/notes", "urlset/url/lastmod=2026-01-02",
             "urlset/url/loc=https://devy.example/alice/notes/%C3%BCber",
             "urlset/url/lastmod=2025-12-31",
             "urlset/url/loc=https://devy.example/alice/notes/a&b"}));
}

TEST(Sitemap, StaysWithinTheProtocolsLimits) {
  const std::vector<Page> many(sitemap_urls_max + 1, Page{"/a/b/c", {}});
  const auto lines = devy::testing::read_xml(sitemap("https://devy.example", many));
  EXPECT_EQ(lines.size(), sitemap_urls_max + 1);  // and the root
  const std::vector<Page> long_ones(30'000, Page{"/" + std::string(2'000, 'x'), {}});
  const auto xml = sitemap("https://devy.example", long_ones);
  EXPECT_LE(xml.size(), sitemap_bytes_max);
  EXPECT_GT(xml.size(), sitemap_bytes_max - 3'000);
  EXPECT_TRUE(xml.ends_with("</url>\n</urlset>\n"));
}

}  // namespace sitemap_test
}  // namespace devy::preview
