// What a browser loads for the first page (web.md, "Assets").

#include "core/platform/web/html/assets.hpp"

#include <gtest/gtest.h>

#include <string>

#include "core/platform/web/html/url.hpp"
#include "tests/support/web/sample_page.hpp"

namespace devy::html {
namespace {

std::size_t bytes_of(std::string_view name) {
  for (const Asset& asset : assets())
    if (asset.name == name) return asset.bytes.size();
  return 0;
}

TEST(Asset, HasAnAddressByDigestAndName) {
  const auto& css = assets().front();
  EXPECT_EQ(css.digest.size(), 16U);
  EXPECT_EQ(find_asset(css.digest, css.name), &css);
  EXPECT_EQ(find_asset("0000000000000000", css.name), nullptr);
  EXPECT_EQ(find_asset(css.digest, "app.js"), nullptr);
  EXPECT_EQ(asset_url(css.name).text(), "/assets/" + css.digest + "/app.css");
}

TEST(Asset, KeepsWithinItsSize) {
  EXPECT_GT(bytes_of("htmx.js"), 40'000U);
  EXPECT_LE(bytes_of("app.css"), 16U * 1024);
  EXPECT_LE(bytes_of("app.js"), 6U * 1024);
  EXPECT_LE(bytes_of("files.js"), 8U * 1024);
}

TEST(Layout, AsksForFourThingsAtFirst) {
  const auto html = testing::sample_page({"operations"});
  std::size_t requests = 1, bytes = html.size();
  for (const Asset& asset : assets()) {
    if (html.find("\"" + asset_url(asset.name).text() + "\"") == std::string::npos) continue;
    ++requests;
    bytes += asset.bytes.size();
  }
  EXPECT_EQ(requests, 4U);
  EXPECT_LE(requests, 4U);
  EXPECT_LE(bytes, 90U * 1024);
}

// web.md, "htmx": no eval, no scripts of fragments, no inline style, nothing kept in the browser.
TEST(Layout, SwitchesOffWhatHtmxShallNotDo) {
  const auto html = testing::sample_page({"operations"});
  for (const char* setting :
       {R"("allowEval":false)", R"("allowScriptTags":false)", R"("includeIndicatorStyles":false)",
        R"("historyCacheSize":0)", R"("refreshOnHistoryMiss":true)",
        R"({"code":"409|422","swap":true,"error":false})"})
    EXPECT_NE(html.find(setting), std::string::npos) << setting;
}

}  // namespace
}  // namespace devy::html
