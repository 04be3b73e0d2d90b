#include "core/publishing/preview/local_urls.hpp"

#include <gtest/gtest.h>

#include "core/publishing/preview/asset_file.hpp"

namespace devy::preview {
namespace local_urls_test {

const std::string sha256(64, 'a');

std::string local(std::string_view url) {
  const Copy copy{"https://devy.example", "/alice/notes", "/assets/",
                  [](std::string_view slug) { return slug == "hello" || slug == "a/%C3%BCber"; },
                  [](std::string_view hash) -> std::optional<std::string> {
                    if (hash != sha256) return std::nullopt;
                    return asset_path(hash, "image/png");
                  }};
  return local_url(copy, url, "../../").value_or("as it is");
}

TEST(LocalUrl, LeadsToThePagesAndFilesOfTheCopy) {
  EXPECT_EQ(local("/alice/notes/hello"), "../../posts/hello/index.html");
  EXPECT_EQ(local("/alice/notes/hello#part"), "../../posts/hello/index.html#part");
  EXPECT_EQ(local("/alice/notes/hello?a=b#part"), "../../posts/hello/index.html#part");
  EXPECT_EQ(local("/alice/notes/a/%C3%BCber"), "../../posts/a/%C3%BCber/index.html");
  EXPECT_EQ(local("/alice/notes"), "../../index.html");
  EXPECT_EQ(local("/alice/notes/#x"), "../../index.html#x");
  EXPECT_EQ(local("/assets/" + sha256 + "/pic%20ture.png"), "../../assets/" + sha256 + ".png");
}

TEST(LocalUrl, LeadsToTheSiteWhereTheCopyHasNothing) {
  for (const std::string url :
       {"/", "/alice", "/alice/notes/gone", "/alice/notes-2/hello", "/alice/notes2",
        "/bob/notes/hello", "/alice/notes/../../../etc/passwd", "/assets/short/a.png", "/assets/",
        "/assets/../x"})
    EXPECT_EQ(local(url), "https://devy.example" + url);
  const auto other = "/assets/" + std::string(64, 'b') + "/x.png";
  EXPECT_EQ(local(other), "https://devy.example" + other);
}

TEST(LocalUrl, LeavesEverythingElse) {
  for (const char* url :
       {"", "#part", "hello", "../x", "https://a.example/x", "//a.example/x", "mailto:a@b"})
    EXPECT_EQ(local(url), "as it is") << url;
}

TEST(AssetPath, IsNamedByWhatTheFileIs) {
  EXPECT_EQ(asset_path(sha256, "image/svg+xml"), "assets/" + sha256 + ".svg");
  EXPECT_EQ(asset_path(sha256, "text/plain; charset=utf-8"), "assets/" + sha256 + ".txt");
  for (const char* type : {"application/octet-stream", "text/html", "../../x", ""})
    EXPECT_EQ(asset_path(sha256, type), "assets/" + sha256 + ".bin") << type;
}

}  // namespace local_urls_test
}  // namespace devy::preview
