#pragma once
// The URLs of Devy's pages and files, built in this one place. Root-relative, so that what is
// stored holds on every host; percent-encoded, so that each is safe in an HTML attribute, in XML
// and in a header without any further escaping: only letters, digits and "-._~/%" are in one. Who
// makes a copy of a blog that lives elsewhere (the preview) rewrites them; who needs absolute ones
// (the feed, the sitemap) puts the site's origin before them.
//
//   a blog    /<username>/<blog's slug>
//   a post    /<username>/<blog's slug>/<post's slug>         '/' inside a slug stays
//   an asset  /assets/<sha256, 64 hexadecimal digits>/<file's name>
//
// An asset is found by its hash alone; the name is for people who save it. Pure; any thread.

#include <string>
#include <string_view>

#include "core/base/sha256.hpp"

namespace devy::blog {

// What every asset's URL starts with. No account is named "assets" (schema.sql), so no blog's does.
inline constexpr std::string_view assets_prefix = "/assets/";

struct BlogName {
  std::string username, slug;
};

[[nodiscard]] std::string blog_url(const BlogName& blog);
[[nodiscard]] std::string post_url(const BlogName& blog, std::string_view post_slug);
// `path` is the file's, of which the last part is the name.
[[nodiscard]] std::string asset_url(const base::Sha256& sha256, std::string_view path);

// All but letters, digits and "-._~/" as %XX.
[[nodiscard]] std::string percent_encoded(std::string_view text);

}  // namespace devy::blog
