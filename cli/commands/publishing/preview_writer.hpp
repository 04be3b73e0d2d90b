#pragma once
// Writes a blog as pages: posts with their assets, redirecting addresses, the index, the feed and
// the sitemap. It keeps in memory what lists need of each post, one text or asset at a time, and of
// the texts for the feed as much as a feed may contain. One thread.

#include <cstddef>
#include <vector>

#include "cli/commands/publishing/page_folder.hpp"
#include "cli/context.hpp"
#include "core/publishing/store/blog_store.hpp"
#include "core/publishing/store/post_store.hpp"

namespace devy::cli {

struct PreviewCounts {
  std::size_t posts = 0, redirects = 0, assets = 0;
  std::size_t skipped = 0;  // addresses that cannot be a page's file name
};

// `posts` are ordered from the newest. Without a folder nothing is written, only counted. Throws
// what the database and the folder throw, and Error(stopped).
[[nodiscard]] PreviewCounts write_preview(Context& context, const publishing::Blog& blog,
                                          const std::vector<publishing::Post>& posts,
                                          const PageFolder* folder);

}  // namespace devy::cli
