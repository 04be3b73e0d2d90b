#include "core/platform/web/html/time_element.hpp"

#include <array>
#include <cstdio>

#include "core/platform/base/time_text.hpp"

namespace devy::html {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::array month_names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::string length_text(base::Duration length) {
  if (length < minutes(1)) return std::to_string(floor<seconds>(length).count()) + " s";
  if (length < hours(1)) return std::to_string(floor<minutes>(length).count()) + " min";
  if (length < days(1)) return std::to_string(floor<hours>(length).count()) + " h";
  return std::to_string(floor<days>(length).count()) + " d";
}

// "28 Nov", with the year where it is not this one.
std::string date_text(std::chrono::sys_days day, std::chrono::sys_days today, bool& is_this_year) {
  const std::chrono::year_month_day date(day);
  is_this_year = date.year() == std::chrono::year_month_day(today).year();
  std::string text = std::to_string(static_cast<unsigned>(date.day())) + " " +
                     month_names.at(static_cast<unsigned>(date.month()) - 1);
  if (!is_this_year) text += " " + std::to_string(static_cast<int>(date.year()));
  return text;
}

// The characters of "2026-11-29T14:28:11.310Z" that are a clock of this length.
std::string clock_of(base::TimePoint time, std::size_t length) {
  return base::format_rfc3339(time).substr(11, length);
}

constexpr std::size_t minutes_length = 5, seconds_length = 8, milliseconds_length = 12;

void set_names(Fill& fill, TimeNames names, base::TimePoint time, const std::string& text) {
  fill.set(names.utc, base::format_rfc3339(time));
  fill.set(names.text, text);
}

}  // namespace

std::string age_text(base::TimePoint time, base::TimePoint now) {
  if (time >= now + seconds(1)) return "in " + length_text(time - now);
  if (now - time < seconds(1)) return "now";
  return length_text(now - time);
}

std::string clock_text(base::TimePoint time, base::TimePoint now) {
  const auto day = floor<days>(time);
  const auto today = floor<days>(now);
  if (day == today) return clock_of(time, seconds_length);
  bool is_this_year = false;
  const auto date = date_text(day, today, is_this_year);
  return is_this_year ? date + " " + clock_of(time, minutes_length) : date;
}

std::string exact_clock_text(base::TimePoint time, base::TimePoint now) {
  const auto day = floor<days>(time);
  const auto today = floor<days>(now);
  auto clock = clock_of(time, milliseconds_length);
  if (day == today) return clock;
  bool is_this_year = false;
  return date_text(day, today, is_this_year) + " " + clock;
}

void set_age(Fill& fill, TimeNames names, base::TimePoint time, base::TimePoint now) {
  set_names(fill, names, time, age_text(time, now));
}

void set_clock(Fill& fill, TimeNames names, base::TimePoint time, base::TimePoint now) {
  set_names(fill, names, time, clock_text(time, now));
}

void set_exact_clock(Fill& fill, TimeNames names, base::TimePoint time, base::TimePoint now) {
  set_names(fill, names, time, exact_clock_text(time, now));
}

}  // namespace devy::html
