#pragma once
// A blog as an Atom feed (RFC 4287): values in, a document out. Who calls decides what readers may
// see: drafts and posts of the future have no place here. Pure; any thread.

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.hpp"

namespace devy::feed {

// The newest so many posts are in a feed.
inline constexpr std::size_t entries_max = 20;
// The text of posts in one feed; a post with which it would be more has its summary alone.
inline constexpr std::size_t content_bytes_max = std::size_t{2} << 20U;

// A moment, or a day without a time. Atom knows moments only: a day is written as its noon in UTC,
// which is that day from twelve hours west of Greenwich to nearly twelve hours east.
struct Date {
  base::TimePoint at;
  std::optional<std::chrono::sys_days> day;
};
[[nodiscard]] base::TimePoint moment_of(const Date& date);

struct Channel {
  std::string id;  // the blog's, a UUID: "urn:uuid:" goes before it
  std::string title, subtitle;
  std::string author;          // of entries that name none
  std::string origin;          // "https://devy.example", without a slash at its end
  std::string url, feed_url;   // root-relative, percent-encoded (core/blog/address.hpp)
  base::TimePoint changed_at;  // of a feed without entries
};

struct Entry {
  std::string id;   // the post's, a UUID: a feed reader knows the post by it wherever it moves
  std::string url;  // as in Channel
  std::string title, summary;
  std::string html;  // as stored, sanitised
  std::vector<std::string> authors, tags;
  std::optional<std::string> lang;
  Date published;
  std::optional<Date> revised;
};

// `entries` newest first; those beyond entries_max are left out. URLs that start at the site's root
// become absolute, those within a post start at the post.
[[nodiscard]] std::string atom_feed(const Channel& channel, const std::vector<Entry>& entries);

}  // namespace devy::feed
