#include "core/platform/web/html/url.hpp"

#include <gtest/gtest.h>

#include <string>

#include "core/platform/base/error.hpp"

namespace devy::html {
namespace {

TEST(Url, EncodesSegmentsAndQuery) {
  EXPECT_EQ(own_url({}).text(), "/");
  EXPECT_EQ(own_url({"blogs", "ada", "a/b c?#%\"é"}).text(),
            "/blogs/ada/a%2Fb%20c%3F%23%25%22%C3%A9");
  EXPECT_EQ(own_url({"operations"}, {{"state", "failed"}, {"key", "a&b=c+d\n"}}).text(),
            "/operations?state=failed&key=a%26b%3Dc%2Bd%0A");
}

TEST(Url, RefusesSegmentsThatAreNoPath) {
  for (const char* segment : {"", ".", ".."})
    EXPECT_THROW((void)own_url({"a", segment}), base::Error) << segment;
  EXPECT_THROW((void)own_url({std::string(url_bytes_max, 'a')}), base::Error);
}

TEST(Url, AcceptsHttpsOfOthersAlone) {
  EXPECT_EQ(https_url("HTTPS://github.com/a/b?c=1#d").value().text(),
            "https://github.com/a/b?c=1#d");
  for (const char* text :
       {"http://a.example", "javascript:alert(1)", "https:/a.example", "https://", "https:///x",
        "https://:443/", "https://u:p@a.example/", "https://u@a.example", "https://a.example/\n",
        "https://a.example/ x", "https://a.example/\"", "https://a.example\\@b.example",
        "https://a.example/<", "//a.example", " https://a.example", "https://\xC3\xA9.example", ""})
    EXPECT_FALSE(https_url(text).has_value()) << text;
  EXPECT_FALSE(https_url("https://a.example/" + std::string(url_bytes_max, 'a')).has_value());
}

TEST(Url, LinksToAssetsByDigest) {
  EXPECT_EQ(asset_url("app.css").text().substr(0, 8), "/assets/");
  EXPECT_EQ(asset_url("app.css").text().size(),
            std::string("/assets/0123456789abcdef/app.css").size());
  EXPECT_THROW((void)asset_url("jquery.js"), base::Error);
}

TEST(Url, LinksToPlacesOfThePage) {
  EXPECT_EQ(in_page_url("log-1").text(), "#log-1");
  EXPECT_THROW((void)in_page_url("a b"), base::Error);
}

}  // namespace
}  // namespace devy::html
