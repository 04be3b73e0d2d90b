#pragma once
// Converts root-relative URLs of the site (core/publishing/blog/address.hpp) for a copy of one blog
// in a folder: relative where the copy has the page or the file, absolute where only the site has
// it. Pure, apart from the functions it is given; any thread.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace devy::preview {

struct Copy {
  std::string origin;         // the site's: "https://devy.example"
  std::string blog_url;       // "/alice/notes"
  std::string assets_prefix;  // "/assets/"
  // Tells whether the copy has a page of that slug, percent-encoded as in URLs.
  std::function<bool(std::string_view encoded_slug)> has_page;
  // Returns where the copy keeps an asset, relative to its top: "assets/…"; called with 64
  // hexadecimal digits.
  std::function<std::optional<std::string>(std::string_view sha256)> asset_path;
};

// `way_up` leads from the page to the copy's top: "../../". Returns nothing when the URL is not
// root-relative and stays as it is.
[[nodiscard]] std::optional<std::string> local_url(const Copy& copy, std::string_view url,
                                                   std::string_view way_up);

}  // namespace devy::preview
