#pragma once
// Writes a blog's pages for search engines (sitemaps.org, protocol 0.9). As with the feed, the
// caller decides what may be seen. Pure; any thread.

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace devy::preview {

// The protocol's limits; pages beyond them are left out, so the caller passes the newest first.
inline constexpr std::size_t sitemap_urls_max = 50'000;
inline constexpr std::size_t sitemap_bytes_max = std::size_t{50} << 20U;

struct Page {
  std::string url;  // root-relative, percent-encoded (core/publishing/blog/address.hpp)
  std::optional<std::chrono::sys_days> changed_on;
};

// `origin` has the form "https://devy.example", without a slash at its end.
[[nodiscard]] std::string sitemap(const std::string& origin, const std::vector<Page>& pages);

}  // namespace devy::preview
