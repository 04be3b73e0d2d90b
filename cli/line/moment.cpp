#include "cli/line/moment.hpp"

#include "core/platform/base/error.hpp"
#include "core/platform/base/time_text.hpp"

namespace devy::cli {
namespace {

using std::chrono::days;

constexpr std::size_t clock_digits = 5;  // "20:00"

base::TimePoint day_of(base::TimePoint now) {
  return std::chrono::time_point_cast<base::Duration>(std::chrono::floor<days>(now));
}

// Reads what is RFC 3339 but for its seconds and offset.
std::optional<base::TimePoint> parse_day_and_time(const std::string& text) {
  for (const auto* rest : {"", "Z", ":00Z"})
    if (const auto moment = base::parse_rfc3339(text + rest)) return moment;
  return std::nullopt;
}

}  // namespace

std::optional<base::TimePoint> parse_moment(std::string_view text, base::TimePoint now) {
  if (text == "today") return day_of(now);
  if (text == "yesterday") return day_of(now) - days(1);
  if (const auto ago = base::parse_duration(text)) return now - *ago;
  if (const auto day = base::parse_day(text))
    return std::chrono::time_point_cast<base::Duration>(*day);
  if (text.size() >= clock_digits && text.find(':') == 2) {
    const auto today = base::format_rfc3339(now).substr(0, std::string_view("2026-01-02").size());
    const auto moment = parse_day_and_time(today + "T" + std::string(text));
    if (moment && *moment > now) return *moment - days(1);
    return moment;
  }
  return parse_day_and_time(std::string(text));
}

std::optional<base::Duration> time_since(const Arguments& arguments, std::string_view option,
                                         base::TimePoint now) {
  const auto text = arguments.text(option);
  if (!text) return std::nullopt;
  const auto moment = parse_moment(*text, now);
  if (!moment)
    throw base::Error(base::ErrorKind::usage,
                      "invalid value of --" + std::string(option) + ": '" + *text + "'");
  return std::chrono::duration_cast<base::Duration>(now - *moment);
}

Option since_option() {
  return {.name = "since",
          .value = "WHEN",
          .help = "only from then on: 90s, 1h, yesterday, 2026-11-29, 20:00 (UTC)",
          .kind = ValueKind::moment};
}

Option until_option() {
  return {.name = "until",
          .value = "WHEN",
          .help = "only up to then, written as --since",
          .kind = ValueKind::moment};
}

}  // namespace devy::cli
