#pragma once
// Gists as the database has them. Values; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/id.hpp"

namespace devy::gists {

using FileId = base::Id<struct GistFileTag>;

// How much of a content is stored: schema.sql says what each means.
enum class ContentState { whole, cut, binary, too_large };
[[nodiscard]] std::string_view to_string(ContentState state);

// A file of a gist with its newest version.
struct File {
  FileId id;
  std::string filename;  // text of a stranger
  int version = 0;
  std::string blob;  // git's id of the content; where GitHub tells none, its SHA-256
  std::int64_t size = 0;
  std::string media_type, language, raw_url;
  std::string content_state;
  base::TimePoint found_at{};
};

struct Gist {
  std::string id, owner;  // the owner's login
  std::optional<std::string> description;
  std::string html_url;
  base::TimePoint created_at{}, updated_at{};  // by GitHub's clock
  bool is_partial = false;
  std::optional<base::TimePoint> gone_at;
  std::string gone_reason;
  std::vector<File> files;  // that were not removed, by name
};

}  // namespace devy::gists
