#pragma once
// A blog as plain static pages, to look at: values in, HTML out. Every link is relative and names
// its file, so that the pages work from file://. Everything but a post's stored HTML is escaped,
// and a Content-Security-Policy stands before it all: no script runs and nothing but images is
// loaded, whatever a repository holds. Pure: no database, no files; any thread. A slug that
// page_path() refuses is the caller's bug.

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
  std::vector<std::string> tags, authors;
  std::chrono::sys_days day;  // of its date, where its author is
  bool is_draft = false;
  std::uint32_t reading_minutes = 0;
  std::optional<std::string> lang;
  std::optional<std::string> cover;  // an address that the page may load, not escaped
};

// What lies in the folder, from its top.
inline constexpr std::string_view index_path = "index.html";
inline constexpr std::string_view feed_path = "feed.xml";
inline constexpr std::string_view sitemap_path = "sitemap.xml";
inline constexpr std::string_view posts_folder = "posts/";
inline constexpr std::string_view assets_folder = "assets/";

// Where the page of a slug (or of an old one) lies: "posts/<slug>/index.html". Nothing for a slug
// that would leave the folder, take another page's place, or be too long for a file system.
[[nodiscard]] std::optional<std::string> page_path(std::string_view slug);

// From the page of a slug to the top: "../../".
[[nodiscard]] std::string way_up(std::string_view slug);

// The list of posts, in the order given.
[[nodiscard]] std::string index_page(const Site& site, const std::vector<Entry>& entries);
// `html`: as stored, which is sanitised by whoever stored it, with the URLs of this copy
// (local_urls.hpp).
[[nodiscard]] std::string post_page(const Site& site, const Entry& entry, std::string_view html);
// The page of an old slug: leads to the post at once.
[[nodiscard]] std::string redirect_page(std::string_view old_slug, const Entry& target);

// For text and for attributes in double quotes.
[[nodiscard]] std::string escape_html(std::string_view text);

}  // namespace devy::preview
