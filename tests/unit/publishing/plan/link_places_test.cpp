#include "core/publishing/plan/link_places.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "core/platform/base/error.hpp"

namespace devy::plan {
namespace link_places_test {

using markdown::FileLink;
using Use = FileLink::Use;

// A '@' in the text is a link's place; the targets are named in order.
struct Written {
  std::string html;
  std::vector<FileLink> links;
};

Written written(std::string_view text, const std::vector<std::string>& targets) {
  Written result;
  for (const char c : text) {
    if (c != '@') {
      result.html += c;
      continue;
    }
    const auto number = result.links.size();
    result.links.push_back({static_cast<std::uint32_t>(result.html.size()), Use::page,
                            targets.at(number), static_cast<std::uint32_t>(number + 1), 1});
  }
  return result;
}

Resolve from(const std::map<std::string, std::string>& urls) {
  return [urls](const FileLink& link) -> Resolution {
    const auto found = urls.find(link.target);
    if (found == urls.end()) return {std::nullopt, "none"};
    return {found->second, {}};
  };
}

std::string filled(const Written& page, const Resolve& resolve) {
  auto html = page.html;
  const auto links = fill_places(html, page.links, resolve);
  EXPECT_EQ(empty_places(html, links), page.html);
  EXPECT_TRUE(still_hold(links, resolve));
  return html;
}

TEST(LinkPlaces, PutsUrlsBeforeFragments) {
  EXPECT_EQ(filled(written(R"(<p><a href="@#x" title="t">a</a> <img src="@" alt="i" /></p>)",
                           {"a.md", "i.png"}),
                   from({{"a.md", "/u/b/a"}, {"i.png", "/assets/1/i.png"}})),
            R"(<p><a href="/u/b/a#x" title="t">a</a> <img src="/assets/1/i.png" alt="i" /></p>)");
}

TEST(LinkPlaces, MakesTextOfALinkWithoutAUrl) {
  EXPECT_EQ(filled(written(R"(<a href="@#x" title="t">a</a> <a title="t" href="@"><b>b</b></a>.)",
                           {"gone.md", "gone.md"}),
                   from({})),
            "a <b>b</b>.");
  EXPECT_EQ(
      filled(written(R"(<a href="@"><img src="@" alt="i"> x <img src="@"></a><a href="@">y</a>)",
                     {"gone.md", "i.png", "gone.png", "a.md"}),
             from({{"i.png", "/i"}, {"a.md", "/a"}})),
      R"(<img src="/i" alt="i"> x <img><a href="/a">y</a>)");
}

TEST(LinkPlaces, KeepsALinkWithoutAUrlThatOthersLeadTo) {
  EXPECT_EQ(filled(written(R"(<a id="x" href="@">a</a><a href="@" name="y">b</a>)",
                           {"gone.md", "gone.md"}),
                   from({})),
            R"(<a id="x">a</a><a name="y">b</a>)");
}

TEST(LinkPlaces, DropsAWholeSrcsetWhenOneUrlIsMissing) {
  const auto page = written(R"(<img src="@" srcset="@ 1x, @ 2x" />)", {"1", "1", "2"});
  EXPECT_EQ(filled(page, from({{"1", "/one"}, {"2", "/two"}})),
            R"(<img src="/one" srcset="/one 1x, /two 2x" />)");
  EXPECT_EQ(filled(page, from({{"1", "/one"}})), R"(<img src="/one" />)");
  EXPECT_EQ(filled(page, from({{"2", "/two"}})), "<img />");
}

TEST(LinkPlaces, RestoresPlacesFromAnyMixture) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    std::string text;
    std::vector<std::string> targets;
    for (int i = 0, count = static_cast<int>(random() % 8); i < count; ++i) {
      static const std::vector<std::string> shapes{
          R"(<a href="@">x</a>)", R"(<a title="&quot;" href="@#f" id="i">y</a> text)",
          R"(<a href="@"><img src="@"> <img src="@" /></a>)",
          R"(<img srcset="@ 1x, https://x.example/ 2x, @ 3x" src="@" />)", "<p>=\"plain\"</p>"};
      const auto& shape = shapes[random() % shapes.size()];
      for (auto places = std::ranges::count(shape, '@'); places > 0; --places)
        targets.push_back(std::to_string(random() % 4));
      text += shape;
    }
    filled(written(text, targets), from({{"0", "/zero"}, {"1", "/a/much/longer/url"}}));
  }
}

TEST(LinkPlaces, StaysValidUntilATargetChanges) {
  const auto page = written(R"(<a href="@">a</a><a href="@">b</a>)", {"a.md", "b.md"});
  auto html = page.html;
  auto links = fill_places(html, page.links, from({{"a.md", "/a"}}));
  EXPECT_TRUE(still_hold(links, from({{"a.md", "/a"}})));
  EXPECT_FALSE(still_hold(links, from({{"a.md", "/moved"}})));
  EXPECT_FALSE(still_hold(links, from({{"a.md", "/a"}, {"b.md", "/b"}})));
  EXPECT_FALSE(still_hold(links, from({})));
  links.cover = Cover{"c.png", "/c"};
  EXPECT_FALSE(still_hold(links, from({{"a.md", "/a"}, {"c.png", "/other"}})));
  EXPECT_TRUE(still_hold(links, from({{"a.md", "/a"}, {"c.png", "/c"}})));
}

TEST(LinkPlaces, DropsUrlsBeyondTheLimit) {
  std::string text;
  for (std::size_t i = 0; i < links_max + 2; ++i)
    text += "<a href=\"@\">x</a>";
  const auto page = written(text, std::vector<std::string>(links_max + 2, "a.md"));
  auto html = page.html;
  const auto links = fill_places(html, page.links, from({{"a.md", "/a"}}));
  EXPECT_EQ(links.links.size(), links_max);
  EXPECT_TRUE(html.ends_with("<a href=\"/a\">x</a>xx"));
  EXPECT_EQ(empty_places(html, links).size(),
            page.html.size() - 2 * std::string("<a href=\"\"></a>").size());
}

TEST(LinkPlaces, RestoresTheRestOfAPageBeyondTheLimit) {
  std::string text = "<a href=\"@\">";
  for (std::size_t i = 0; i < links_max; ++i)
    text += "<img src=\"@\">";
  auto targets = std::vector<std::string>(links_max + 1, "i.png");
  targets[0] = "gone.md";
  const auto page = written(text + "</a> end", targets);
  auto html = page.html;
  const auto links = fill_places(html, page.links, from({{"i.png", "/i"}}));
  EXPECT_TRUE(html.ends_with("<img src=\"/i\"><img> end")) << html.substr(html.size() - 50);
  EXPECT_TRUE(empty_places(html, links).ends_with("<img src=\"\"><img></a> end"));
}

TEST(LinkPlaces, NamesTheFilesThatLinksLeadTo) {
  auto page = written(R"(<a href="@">a</a><a href="@">b</a>)", {"a.md", "b.pdf"});
  page.links[0].fragment = "x";
  auto html = page.html;
  const auto links = fill_places(html, page.links, [](const FileLink& link) {
    return link.target == "a.md" ? Resolution{"/a", {}, {}, "a.md"}
                                 : Resolution{"/b", {}, "b.pdf", {}};
  });
  EXPECT_EQ(links.assets, std::vector<std::string>{"b.pdf"});
  EXPECT_EQ(links.fragment_posts, std::vector<std::string>{"a.md"});
}

TEST(LinkPlaces, RefusesPlacesThatAreNotInTheHtml) {
  for (const std::uint32_t offset : {0U, 3U, 9U, 4'000'000'000U}) {
    std::string html = "<p>text</p>";
    EXPECT_THROW(
        static_cast<void>(fill_places(html, {{offset, Use::page, "a.md", 1, 1}}, from({}))),
        base::Error);
  }
  PostLinks links;
  links.links.push_back({{3, Use::page, "a.md", 1, 1}, "/a/very/long/url"});
  EXPECT_THROW(static_cast<void>(empty_places("<p>text</p>", links)), base::Error);
  links.links[0].url.reset();
  EXPECT_THROW(static_cast<void>(empty_places("<p>text</p>", links)), base::Error);
}

}  // namespace link_places_test
}  // namespace devy::plan
