#pragma once
// Writes a blog as an Atom feed (RFC 4287). The caller decides what readers may see: drafts and
// future posts must not be passed in. Pure; any thread.

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"

namespace devy::preview {

// Limit for the posts in a feed; the newest are included.
inline constexpr std::size_t entries_max = 20;
// Limit for the HTML of all posts in one feed; a post that would exceed it appears with its summary
// only.
inline constexpr std::size_t content_bytes_max = std::size_t{2} << 20U;

// A moment, or a day without a time. Atom knows moments only, so a day is written as its noon in
// UTC, which is the same day from twelve hours west of Greenwich to nearly twelve hours east.
struct Date {
  base::TimePoint at;
  std::optional<std::chrono::sys_days> day;
};
[[nodiscard]] base::TimePoint moment_of(const Date& date);

struct Channel {
  std::string id;  // the blog's UUID; the feed puts "urn:uuid:" before it
  std::string title, subtitle;
  std::string author;          // the author of entries that name none
  std::string origin;          // "https://devy.example", without a slash at its end
  std::string url, feed_url;   // root-relative, percent-encoded (core/publishing/blog/address.hpp)
  base::TimePoint changed_at;  // used when the feed has no entries
};

struct FeedEntry {
  std::string id;   // the post's UUID: a feed reader recognises the post by it wherever it moves
  std::string url;  // as in Channel
  std::string title, summary;
  std::string html;  // as stored, sanitised
  std::vector<std::string> authors, tags;
  std::optional<std::string> lang;
  Date published;
  std::optional<Date> revised;
};

// `entries` are ordered from the newest; those beyond entries_max are left out. URLs that start at
// the site's root become absolute; fragments within a post are put behind the post's URL.
[[nodiscard]] std::string atom_feed(const Channel& channel, const std::vector<FeedEntry>& entries);

}  // namespace devy::preview
