#include "core/platform/base/time_text.hpp"

#include <array>
#include <charconv>
#include <cstdio>

#include "core/platform/base/ascii.hpp"

namespace devy::base {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// Reads exactly `count` digits.
std::optional<int> read_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return std::nullopt;
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + count, value);
  if (error != std::errc{} || end != text.data() + count || text[0] == '-') return std::nullopt;
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<Duration> read_fraction(std::string_view& text) {
  if (!take(text, ".,")) return Duration{0};
  std::int64_t micros = 0;
  std::size_t digits = 0;
  for (; digits < text.size() && digits < 9 && is_digit(text[digits]); ++digits)
    if (digits < 6) micros = micros * 10 + (text[digits] - '0');
  if (digits == 0) return std::nullopt;
  for (std::size_t i = digits; i < 6; ++i)
    micros *= 10;
  text.remove_prefix(digits);
  return Duration{micros};
}

std::optional<minutes> read_offset(std::string_view& text) {
  if (take(text, "Zz")) return minutes{0};
  if (text.empty() || (text.front() != '+' && text.front() != '-')) return std::nullopt;
  const bool is_west = text.front() == '-';
  text.remove_prefix(1);
  const auto hour = read_digits(text, 2);
  take(text, ":");
  const auto minute = read_digits(text, 2);
  if (!hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
  const minutes offset = hours{*hour} + minutes{*minute};
  return is_west ? -offset : offset;
}

}  // namespace

std::string format_rfc3339(TimePoint time) {
  const auto day = std::chrono::floor<days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::milliseconds>(time - day)};
  std::array<char, 40> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()),
                static_cast<int>(clock.subseconds().count()));
  return buffer.data();
}

std::string format_day(std::chrono::sys_days day) {
  constexpr std::size_t day_bytes = std::string_view("2026-01-02").size();
  return format_rfc3339(day).substr(0, day_bytes);
}

std::optional<std::chrono::sys_days> parse_day(std::string_view text) {
  const auto midnight = parse_rfc3339(std::string(text) + "T00:00:00Z");
  return midnight ? std::optional(std::chrono::floor<days>(*midnight)) : std::nullopt;
}

std::optional<TimePoint> parse_rfc3339(std::string_view text) {
  const auto year = read_digits(text, 4);
  if (!year || !take(text, "-")) return std::nullopt;
  const auto month = read_digits(text, 2);
  if (!month || !take(text, "-")) return std::nullopt;
  const auto day = read_digits(text, 2);
  if (!day || !take(text, "Tt ")) return std::nullopt;
  const auto hour = read_digits(text, 2);
  if (!hour || !take(text, ":")) return std::nullopt;
  const auto minute = read_digits(text, 2);
  if (!minute || !take(text, ":")) return std::nullopt;
  const auto second = read_digits(text, 2);
  if (!second) return std::nullopt;
  const auto fraction = read_fraction(text);
  const auto offset = read_offset(text);
  if (!fraction || !offset || !text.empty()) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return TimePoint{std::chrono::sys_days{date}} + hours{*hour} + minutes{*minute} +
         seconds{*second} + *fraction - *offset;
}

std::optional<Duration> parse_duration(std::string_view text) {
  constexpr double seconds_max = 10.0 * 365 * 86400;
  if (text.empty()) return std::nullopt;
  double total = 0;
  while (!text.empty()) {
    double value = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    if (error != std::errc{} || value < 0) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    double unit = 1;
    if (text.starts_with("ms")) {
      unit = 0.001;
      text.remove_prefix(2);
    } else if (!text.empty()) {
      switch (text.front()) {
        case 's': unit = 1; break;
        case 'm': unit = 60; break;
        case 'h': unit = 3600; break;
        case 'd': unit = 86400; break;
        case 'w': unit = 7 * 86400; break;
        default: return std::nullopt;
      }
      text.remove_prefix(1);
    }
    total += value * unit;
    if (!(total <= seconds_max)) return std::nullopt;
  }
  return Duration{static_cast<std::int64_t>(total * 1e6)};
}

std::string format_duration(Duration duration) {
  const auto total = duration.count() < 0 ? Duration{0} : duration;
  std::array<char, 40> buffer{};
  const auto whole = std::chrono::duration_cast<seconds>(total).count();
  const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(total).count();
  const auto print = [&](const char* format, long long a, long long b) {
    std::snprintf(buffer.data(), buffer.size(), format, a, b);
  };
  if (millis < 1000) print("%lldms", millis, 0);
  else if (whole < 60) print("%lld.%llds", whole, millis / 100 % 10);
  else if (whole < 3600) print("%lldm %llds", whole / 60, whole % 60);
  else if (whole < 86400) print("%lldh %lldm", whole / 3600, whole / 60 % 60);
  else print("%lldd %lldh", whole / 86400, whole / 3600 % 24);
  return buffer.data();
}

std::string format_relative(TimePoint time, TimePoint now) {
  const auto distance = time > now ? time - now : now - time;
  if (distance < seconds{1}) return "just now";
  const auto whole = std::chrono::duration_cast<seconds>(distance).count();
  std::string text;
  if (whole < 60) text = std::to_string(whole) + "s";
  else if (whole < 3600) text = std::to_string(whole / 60) + "m";
  else if (whole < 86400) text = std::to_string(whole / 3600) + "h";
  else text = std::to_string(whole / 86400) + "d";
  return time > now ? "in " + text : text + " ago";
}

}  // namespace devy::base
