#include "core/publishing/post/date_day.hpp"

#include <algorithm>
#include <array>

namespace devy::post {
namespace {

constexpr std::array<std::string_view, 12> month_names{
    "january", "february", "march",     "april",   "may",      "june",
    "july",    "august",   "september", "october", "november", "december"};
constexpr std::array<std::string_view, 7> weekday_names{
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};

constexpr std::string_view day_separators = "-/.";
constexpr std::size_t letters_min = 3;

// "jan", "sept" or the whole name: 1 … 12, else 0.
int month_of(std::string_view word) {
  if (word.size() < letters_min) return 0;
  const auto* found = std::ranges::find_if(
      month_names, [&](std::string_view name) { return name.starts_with(word); });
  return found == month_names.end() ? 0 : static_cast<int>(found - month_names.begin()) + 1;
}

bool is_weekday(std::string_view word) {
  return word.size() >= letters_min &&
         std::ranges::any_of(weekday_names,
                             [&](std::string_view name) { return name.starts_with(word); });
}

// "2", "2nd".
std::optional<int> read_day_number(DatePieces& pieces) {
  const auto day = pieces.number(1, 2);
  for (const std::string_view suffix : {"st", "nd", "rd", "th"})
    if (pieces.skip_word(suffix)) break;
  return day;
}

// "January 2, 2024", "Jan 2024", and "Jan 2" of a date whose year comes last.
WrittenDay read_month_first(DatePieces& pieces) {
  WrittenDay day;
  day.month = month_of(pieces.word());
  pieces.skip(" \t.-/");
  if (pieces.digits() < 4) {
    day.day = read_day_number(pieces);
    if (!day.day) return {};
    pieces.skip(" \t,.-/");
  } else {
    day.day = 1;
  }
  if (pieces.digits() == 4) day.year = pieces.number(4, 4);
  return day;
}

// "2 January 2024", "2nd of Jan, 2024", "02-Jan-2024".
WrittenDay read_day_first(DatePieces& pieces) {
  WrittenDay day;
  day.day = read_day_number(pieces);
  pieces.skip(" \t.-/");
  if (pieces.skip_word("of")) pieces.skip(date_spaces);
  day.month = month_of(pieces.word());
  pieces.skip(" \t,.-/");
  if (pieces.digits() == 4) day.year = pieces.number(4, 4);
  return day.month == 0 ? WrittenDay{} : day;
}

// "2024-01-02", "2024-1", "2024", "20240102", "20240102030405", "2024-Jan-02".
WrittenDay read_year_first(DatePieces& pieces) {
  const auto digits = pieces.digits();
  const bool is_compact = digits == 8 || digits == 14;
  if (!is_compact && digits != 4) return {};
  WrittenDay day{pieces.number(4, 4), 1, 1};
  if (is_compact) {
    day.month = pieces.number(2, 2);
    day.day = pieces.number(2, 2);
    return day;
  }
  DatePieces ahead = pieces;
  if (!ahead.take(day_separators)) ahead.skip(date_spaces);
  if (const int month = month_of(DatePieces(ahead).word()); month != 0) {
    ahead.word();
    day.month = month;
  } else if (pieces.take(day_separators)) {
    ahead = pieces;
    day.month = ahead.number(1, 2);
    if (!day.month) return {};
  } else {
    return day;
  }
  pieces = ahead;
  if (!ahead.take(day_separators)) ahead.skip(date_spaces);
  const bool is_time = ahead.digits() < ahead.rest().size() && ahead.rest()[ahead.digits()] == ':';
  if (ahead.digits() == 0 || is_time) return pieces.take(day_separators) ? WrittenDay{} : day;
  day.day = read_day_number(ahead);
  pieces = ahead;
  return day;
}

struct Numbers {
  int first = 0, second = 0;
  int year = 0;
  bool has_whole_year = false;
};

// "13/7/2024": three numbers, the year last.
std::optional<Numbers> read_numbers(DatePieces& pieces) {
  DatePieces ahead = pieces;
  const auto first = ahead.number(1, 2);
  if (!first || !ahead.take(day_separators)) return std::nullopt;
  const auto second = ahead.number(1, 2);
  if (!second || !ahead.take(day_separators)) return std::nullopt;
  const std::size_t digits = ahead.digits();
  if (digits != 2 && digits != 4) return std::nullopt;
  const auto year = ahead.number(2, 4);
  pieces = ahead;
  return Numbers{*first, *second, *year, digits == 4};
}

constexpr int months = 12;

// Only where one of the two can be no month; otherwise nobody knows which is meant.
WrittenDay read_year_last(const Numbers& numbers) {
  if (!numbers.has_whole_year) return {};
  if (numbers.first == numbers.second || numbers.first > months)
    return {numbers.year, numbers.second, numbers.first};
  if (numbers.second > months) return {numbers.year, numbers.first, numbers.second};
  return {};
}

}  // namespace

void skip_weekday(DatePieces& pieces) {
  DatePieces ahead = pieces;
  ahead.take("(");
  if (!is_weekday(ahead.word())) return;
  ahead.skip(" \t,.)");
  pieces = ahead;
}

WrittenDay read_day(DatePieces& pieces) {
  skip_weekday(pieces);
  if (!pieces.at_digit()) {
    DatePieces ahead = pieces;
    return month_of(ahead.word()) == 0 ? WrittenDay{} : read_month_first(pieces);
  }
  if (pieces.digits() >= 4) return read_year_first(pieces);
  if (const auto numbers = read_numbers(pieces)) return read_year_last(*numbers);
  return read_day_first(pieces);
}

std::optional<int> read_last_year(DatePieces& pieces) {
  pieces.skip(date_spaces);
  return pieces.digits() == 4 ? pieces.number(4, 4) : std::nullopt;
}

bool has_unclear_month(DatePieces pieces) {
  skip_weekday(pieces);
  const auto numbers = read_numbers(pieces);
  if (!numbers || numbers->first == 0 || numbers->second == 0) return false;
  return !read_year_last(*numbers).year && numbers->first <= 31 && numbers->second <= 31;
}

}  // namespace devy::post
