#pragma once
// A blog's pages for search engines (sitemaps.org, protocol 0.9): values in, a document out. As
// with the feed, who calls decides what may be seen. Pure; any thread.

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace devy::feed {

// The protocol's limits; the pages beyond them are left out, so the newest come first.
inline constexpr std::size_t sitemap_urls_max = 50'000;
inline constexpr std::size_t sitemap_bytes_max = std::size_t{50} << 20U;

struct Page {
  std::string url;  // root-relative, percent-encoded (core/blog/address.hpp)
  std::optional<std::chrono::sys_days> changed_on;
};

// `origin`: "https://devy.example", without a slash at its end.
[[nodiscard]] std::string sitemap(const std::string& origin, const std::vector<Page>& pages);

}  // namespace devy::feed
