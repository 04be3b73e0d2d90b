#include "core/publishing/post/date.hpp"

#include <chrono>
#include <string>

#include "core/publishing/markdown/plain_text.hpp"
#include "core/publishing/post/date_clock.hpp"
#include "core/publishing/post/date_day.hpp"

namespace devy::post {
namespace {

using std::chrono::microseconds;

struct Written {
  WrittenDay day;
  std::optional<microseconds> time;
  WrittenZone zone;
};

// A time follows the day, or nothing does. "T" promises one.
bool read_clock(DatePieces& pieces, Written& written) {
  const bool has_separator = pieces.take("Tt");
  pieces.skip(" \t,");
  skip_weekday(pieces);
  if (pieces.skip_word("at")) pieces.skip(" \t");
  if (!has_separator && !pieces.at_digit()) return true;
  written.time = read_time(pieces);
  return written.time.has_value();
}

std::optional<Written> read_date(std::string_view text) {
  DatePieces pieces(text);
  Written written;
  written.day = read_day(pieces);
  if (!written.day.month || !written.day.day) return std::nullopt;
  if (!read_clock(pieces, written)) return std::nullopt;
  // "Tue May 10 12:00:00 2022", perhaps with a zone before the year or behind it.
  if (!written.day.year && written.time) {
    written.day.year = read_last_year(pieces);
    if (!written.day.year) {
      if (!read_zone(pieces, written.zone)) return std::nullopt;
      written.day.year = read_last_year(pieces);
    }
  }
  if (!read_zone(pieces, written.zone) || !pieces.at_end()) return std::nullopt;
  return written;
}

bool is_within_years(base::TimePoint time) {
  using namespace std::chrono;
  return time >= sys_days{year{1} / January / 1} && time < sys_days{year{10'000} / January / 1};
}

}  // namespace

std::optional<WrittenDate> parse_date(std::string_view text, const Timezone& zone) {
  const std::string trimmed = markdown::plain_text(text);
  const auto read = read_date(trimmed);
  if (!read || !read->day.year || *read->day.year == 0) return std::nullopt;
  const std::chrono::year_month_day date{
      std::chrono::year{*read->day.year},
      std::chrono::month{static_cast<unsigned>(*read->day.month)},
      std::chrono::day{static_cast<unsigned>(*read->day.day)}};
  if (!date.ok()) return std::nullopt;
  std::chrono::local_time<microseconds> wall = std::chrono::local_days{date};
  if (read->time) wall += *read->time;
  const Timezone& place = read->zone.place ? *read->zone.place : zone;
  WrittenDate written{read->zone.offset
                          ? base::TimePoint{wall.time_since_epoch()} - *read->zone.offset
                          : place.to_utc(wall),
                      {}};
  if (!is_within_years(written.at)) return std::nullopt;
  if (!read->time) written.day = std::chrono::sys_days{date};
  return written;
}

bool is_ambiguous_date(std::string_view text) {
  const std::string trimmed = markdown::plain_text(text);
  return has_unclear_month(DatePieces(trimmed));
}

std::optional<WrittenDate> written_day(std::chrono::sys_days day, const Timezone& zone) {
  const WrittenDate written{zone.to_utc(std::chrono::local_days{day.time_since_epoch()}), day};
  return is_within_years(written.at) ? std::optional(written) : std::nullopt;
}

}  // namespace devy::post
