#include <algorithm>
#include <array>

#include "core/platform/base/hex.hpp"
#include "core/platform/base/sha256.hpp"
#include "core/publishing/reading/page.hpp"

// A file that posts show or link; see reading.hpp.

namespace devy::reading {
namespace {

// The types that a browser shows by itself without running anything (files.md, "Content"). SVG is
// none of them: an <img> shows it all the same.
constexpr std::array<std::string_view, 5> shown_images{"image/png", "image/jpeg", "image/gif",
                                                       "image/webp", "image/avif"};

bool is_shown(std::string_view media_type) {
  return std::ranges::find(shown_images, media_type) != shown_images.end() ||
         media_type.starts_with("audio/") || media_type.starts_with("video/") ||
         media_type.starts_with("text/plain");
}

// A picture in SVG has styles of its own.
std::string_view policy_of(std::string_view media_type) {
  return media_type == "image/svg+xml" ? "sandbox; default-src 'none'; style-src 'unsafe-inline'"
                                       : "sandbox; default-src 'none'";
}

}  // namespace

http::Response read_asset(pg::Connection& connection, std::string_view sha256,
                          const Condition& condition) {
  base::Sha256 digest{};
  if (sha256.size() != 2 * digest.size() || !std::ranges::all_of(sha256, base::is_lower_hex) ||
      !base::read_hex(sha256, digest))
    return not_found();
  // A name stands for its bytes: only whether they are still there needs a look.
  const auto tag = "\"" + std::string(sha256) + "\"";
  const bool is_known = names_tag(condition.if_none_match, tag);
  auto found = publishing::read_readable_asset(
      connection, digest, is_known ? publishing::AssetBody::without : publishing::AssetBody::with);
  if (!found) return not_found();
  auto response = answer(is_known ? 304 : 200, std::move(found->bytes), found->media_type);
  auto& headers = response.headers;
  headers.emplace_back("Cache-Control", "public, max-age=31536000, immutable");
  headers.emplace_back("ETag", tag);
  headers.emplace_back("Content-Security-Policy", policy_of(found->media_type));
  headers.emplace_back("Cross-Origin-Resource-Policy", "cross-origin");
  headers.emplace_back("Content-Disposition",
                       is_shown(found->media_type) ? "inline" : "attachment");
  return response;
}

}  // namespace devy::reading
