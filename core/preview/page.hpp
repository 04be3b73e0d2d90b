#pragma once
// A blog as plain static pages, to look at: values in, HTML out. Every link is relative and names
// its file, so that the pages work from file://. Everything but a post's stored HTML is escaped,
// and a Content-Security-Policy stands before it all: no script runs and nothing but images is
// loaded, whatever a repository holds. Pure: no database, no files; any thread. A slug that
// page_path() refuses is the caller's bug.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.hpp"

namespace devy::preview {

struct Site {
  std::string title, description;
};

struct Entry {
  std::string slug, title, summary;
  std::vector<std::string> tags;
  base::TimePoint date;
  bool is_draft = false;
};

inline constexpr std::string_view index_path = "index.html";

// Where the page of a slug (or of an old one) lies: "posts/<slug>/index.html". Nothing for a slug
// that would leave the folder, take another page's place, or be too long for a file system.
[[nodiscard]] std::optional<std::string> page_path(std::string_view slug);

// The list of posts, in the order given.
[[nodiscard]] std::string index_page(const Site& site, const std::vector<Entry>& entries);
// `html`: as stored, which is sanitised by whoever stored it.
[[nodiscard]] std::string post_page(const Site& site, const Entry& entry, std::string_view html);
// The page of an old slug: leads to the post at once.
[[nodiscard]] std::string redirect_page(std::string_view old_slug, const Entry& target);

// For text and for attributes in double quotes.
[[nodiscard]] std::string escape_html(std::string_view text);

}  // namespace devy::preview
