#pragma once
// Writes a blog as pages: posts with their assets, the addresses that redirect, the index, the feed
// and the sitemap. Keeps what lists need of each post; of texts and assets one piece at a time, and
// of texts that go into the feed as much as a feed may have. One thread.

#include <cstddef>
#include <vector>

#include "cli/commands/page_folder.hpp"
#include "cli/context.hpp"
#include "core/store/blog_store.hpp"
#include "core/store/post_store.hpp"

namespace devy::cli {

struct PreviewCounts {
  std::size_t posts = 0, redirects = 0, assets = 0;
  std::size_t skipped = 0;  // addresses that are no name for a page
};

// `posts` newest first. Without a folder nothing is written, only counted. Throws what the database
// and the folder throw, and Error(stopped).
[[nodiscard]] PreviewCounts write_preview(Context& context, const store::Blog& blog,
                                          const std::vector<store::Post>& posts,
                                          const PageFolder* folder);

}  // namespace devy::cli
