#pragma once
// The URLs of Devy's pages and files, built only here. They are root-relative, so that stored ones
// are valid on every host, and percent-encoded, so that each is safe in an HTML attribute, in XML
// and in a header without further escaping: they contain only letters, digits and "-._~/%". The
// preview, a copy of a blog at another place, rewrites them; the feed and the sitemap, which need
// absolute ones, put the site's origin before them.
//
//   a blog    /<username>/<blog's slug>
//   a post    /<username>/<blog's slug>/<post's slug>         '/' inside a slug stays
//   an asset  /assets/<sha256, 64 hexadecimal digits>/<file's name>
//
// An asset is found by its hash alone; the name is for people who save it. Pure; any thread.

#include <string>
#include <string_view>

#include "core/platform/base/sha256.hpp"

namespace devy::blog {

// The beginning of every asset's URL. No account is named "assets" (schema.sql), so no blog's URL
// starts like that.
inline constexpr std::string_view assets_prefix = "/assets/";

struct BlogName {
  std::string username, slug;
};

[[nodiscard]] std::string blog_url(const BlogName& blog);
[[nodiscard]] std::string post_url(const BlogName& blog, std::string_view post_slug);
// `path` is the file's path; its last part becomes the name.
[[nodiscard]] std::string asset_url(const base::Sha256& sha256, std::string_view path);

// Encodes all but letters, digits and "-._~/" as %XX.
[[nodiscard]] std::string percent_encoded(std::string_view text);

}  // namespace devy::blog
