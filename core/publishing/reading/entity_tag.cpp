#include "core/publishing/reading/entity_tag.hpp"

#include <algorithm>
#include <span>

#include "core/platform/base/hex.hpp"
#include "core/platform/base/sha256.hpp"
#include "core/publishing/post/document.hpp"

namespace devy::reading {
namespace {

// Grows when the answers of this folder change their form: clients then ask for the new one.
constexpr int form_version = 1;
constexpr std::size_t digest_bytes = 16;

std::string count_of(const std::optional<base::TimePoint>& time) {
  return time ? std::to_string(time->time_since_epoch().count()) : std::string();
}

// Without the mark of a weak one.
std::string_view opaque(std::string_view tag) {
  if (tag.starts_with("W/")) tag.remove_prefix(2);
  return tag;
}

}  // namespace

std::string entity_tag(const publishing::ReadableBlog& blog, std::string_view variant) {
  base::Sha256Stream digest;
  digest.field(std::to_string(form_version));
  digest.field(std::to_string(post::renderer_version));
  digest.field(blog.id.text());
  digest.field(blog.head_commit.value_or(""));
  digest.field(blog.head_origin.value_or(""));
  // A replay or a repair writes posts anew without another head.
  digest.field(count_of(blog.head_at));
  digest.field(count_of(blog.changes_at));
  digest.field(variant);
  const auto bytes = digest.finish();
  return "W/\"" + base::to_hex(std::span(bytes).first(digest_bytes)) + "\"";
}

bool names_tag(std::string_view if_none_match, std::string_view tag) {
  const auto wanted = opaque(tag);
  while (!if_none_match.empty()) {
    // No tag that was ever given has a comma.
    const auto end = std::min(if_none_match.find(','), if_none_match.size());
    auto given = if_none_match.substr(0, end);
    if_none_match.remove_prefix(std::min(end + 1, if_none_match.size()));
    given.remove_prefix(std::min(given.find_first_not_of(" \t"), given.size()));
    given = given.substr(0, given.find_last_not_of(" \t") + 1);
    if (opaque(given) == wanted) return true;
  }
  return false;
}

}  // namespace devy::reading
