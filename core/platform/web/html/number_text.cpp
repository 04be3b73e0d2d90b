#include "core/platform/web/html/number_text.hpp"

#include <array>
#include <cstdlib>
#include <utility>

namespace devy::html {
namespace {

using std::chrono::days;
using std::chrono::duration_cast;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::string_view thin_space = "\u202F";

// One digit behind the point, as 1.2 of 12 tenths.
std::string tenths_text(std::int64_t tenths) {
  return number_text(tenths / 10) + "." + std::to_string(tenths % 10);
}

std::string two_units(std::int64_t large, const char* large_unit, std::int64_t small,
                      const char* small_unit) {
  std::string text = number_text(large) + large_unit;
  if (small > 0) text += " " + std::to_string(small) + small_unit;
  return text;
}

}  // namespace

std::string number_text(std::int64_t number) {
  std::string digits = std::to_string(number);
  const std::size_t first = number < 0 ? 1 : 0;
  for (std::size_t at = digits.size(); at > first + 3;) {
    at -= 3;
    digits.insert(at, thin_space);
  }
  return digits;
}

std::string bounded_count_text(std::int64_t count, std::int64_t bound) {
  return count < bound ? number_text(count) : number_text(bound) + "+";
}

std::string duration_text(base::Duration duration) {
  if (duration < base::Duration::zero()) duration = base::Duration::zero();
  const auto whole = duration_cast<milliseconds>(duration).count();
  if (whole < 1000) return std::to_string(whole) + " ms";
  if (whole < 60'000) return tenths_text(whole / 100) + " s";
  if (duration < hours(1)) return std::to_string(duration_cast<minutes>(duration).count()) + " min";
  if (duration < days(1)) {
    const auto count = duration_cast<hours>(duration);
    return two_units(count.count(), " h", duration_cast<minutes>(duration - count).count(), " min");
  }
  const auto count = duration_cast<days>(duration);
  return two_units(count.count(), " d", duration_cast<hours>(duration - count).count(), " h");
}

std::string size_text(std::int64_t bytes) {
  constexpr std::array units{" KB", " MB", " GB", " TB"};
  if (bytes < 1024) return std::to_string(bytes) + " B";
  std::size_t unit = 0;
  std::int64_t unit_bytes = 1024;
  while (unit + 1 < units.size() && bytes / 1024 >= unit_bytes) {
    unit_bytes *= 1024;
    ++unit;
  }
  const auto count = bytes / unit_bytes;
  if (count >= 10) return number_text(count) + units.at(unit);
  return tenths_text(count * 10 + bytes % unit_bytes * 10 / unit_bytes) + units.at(unit);
}

}  // namespace devy::html
