#include <charconv>
#include <span>

#include "core/platform/base/hex.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/publishing/store/reading_store.hpp"

// A cursor as text: the date in microseconds, and the slug's bytes in hexadecimal digits, so that
// nothing in it wants an escape.

namespace devy::publishing {
namespace {

// More than a slug has, and little enough for a URL.
constexpr std::size_t cursor_slug_bytes_max = 400;
// The years 1 … 9999, as posts have them.
constexpr std::int64_t cursor_time_min = -62'135'596'800'000'000,
                       cursor_time_max = 253'402'300'799'999'999;

}  // namespace

std::string to_text(const PostCursor& cursor) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(cursor.slug.data());
  return std::to_string(cursor.published_at.time_since_epoch().count()) + "." +
         base::to_hex(std::span(bytes, cursor.slug.size()));
}

std::optional<PostCursor> parse_post_cursor(std::string_view text) {
  const auto point = text.find('.');
  if (point == text.npos) return std::nullopt;
  std::int64_t time = 0;
  const auto number = text.substr(0, point), hex = text.substr(point + 1);
  const auto read = std::from_chars(number.data(), number.data() + number.size(), time);
  if (read.ec != std::errc() || read.ptr != number.data() + number.size() ||
      time < cursor_time_min || time > cursor_time_max)
    return std::nullopt;
  if (hex.empty() || hex.size() > 2 * cursor_slug_bytes_max || hex.size() % 2 != 0)
    return std::nullopt;
  std::string slug(hex.size() / 2, '\0');
  auto* bytes = reinterpret_cast<std::uint8_t*>(slug.data());
  if (!base::read_hex(hex, std::span(bytes, slug.size())) || !base::is_valid_utf8(slug) ||
      base::has_control_character(slug))
    return std::nullopt;
  return PostCursor{base::TimePoint(std::chrono::microseconds(time)), std::move(slug)};
}

}  // namespace devy::publishing
