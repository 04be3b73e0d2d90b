#pragma once
// Writes a blog as plain static pages for viewing: values in, HTML out. Every link is relative and
// names its file, so that the pages work from file://. Everything except a post's stored HTML is
// escaped, and a Content-Security-Policy comes first: no script runs and only images are loaded,
// whatever a repository contains. Pure: no database, no files; any thread. Passing a slug that
// page_path() refuses is a bug of the caller.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace devy::preview {

struct Site {
  std::string title, description;
};

struct Entry {
  std::string slug, title, summary;
  std::string title_id;  // of the heading that became the title, or empty
  std::vector<std::string> tags, authors;
  std::chrono::sys_days day;  // the day of its date, in its author's time zone
  bool is_draft = false;
  std::uint32_t reading_minutes = 0;
  std::optional<std::string> lang;
  std::optional<std::string> cover;  // an address that the page may load, not escaped
};

// Paths of files in the folder, relative to its top.
inline constexpr std::string_view index_path = "index.html";
inline constexpr std::string_view feed_path = "feed.xml";
inline constexpr std::string_view sitemap_path = "sitemap.xml";
inline constexpr std::string_view posts_folder = "posts/";
inline constexpr std::string_view assets_folder = "assets/";

// Returns the path of the page of a slug (or of an old slug): "posts/<slug>/index.html". Returns
// nothing for a slug that would leave the folder, take another page's place, or be too long for a
// file system.
[[nodiscard]] std::optional<std::string> page_path(std::string_view slug);

// The relative path from the page of a slug to the top: "../../".
[[nodiscard]] std::string way_up(std::string_view slug);

// Lists the posts in the order given.
[[nodiscard]] std::string index_page(const Site& site, const std::vector<Entry>& entries);
// `html` is the stored HTML, which was sanitised when it was stored, with the URLs of this copy
// (local_urls.hpp).
[[nodiscard]] std::string post_page(const Site& site, const Entry& entry, std::string_view html);
// The page of an old slug: it redirects to the post at once.
[[nodiscard]] std::string redirect_page(std::string_view old_slug, const Entry& target);

// Escapes text for content and for attributes in double quotes.
[[nodiscard]] std::string escape_html(std::string_view text);

}  // namespace devy::preview
