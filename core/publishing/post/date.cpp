#include "core/publishing/post/date.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <string>

#include "core/platform/base/ascii.hpp"
#include "core/publishing/markdown/plain_text.hpp"

namespace devy::post {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// Takes pieces off the front of a text; when the expected piece is not there, the text is left
// unchanged.
class Pieces {
 public:
  explicit Pieces(std::string_view text) : rest_(text) {}
  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] std::string_view rest() const { return rest_; }

  bool take(std::string_view any_of) {
    if (rest_.empty() || any_of.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void skip_spaces() {
    while (take(" \t")) {
    }
  }
  std::optional<int> number(std::size_t digits_min, std::size_t digits_max) {
    int value = 0;
    std::size_t count = 0;
    while (count < rest_.size() && count < digits_max && base::is_digit(rest_[count]))
      value = value * 10 + (rest_[count++] - '0');
    if (count < digits_min) return std::nullopt;
    rest_.remove_prefix(count);
    return value;
  }
  std::string word() {
    std::size_t count = 0;
    while (count < rest_.size() && base::is_letter(rest_[count]))
      ++count;
    std::string word = base::to_lower(rest_.substr(0, count));
    rest_.remove_prefix(count);
    return word;
  }
  // Digits after a point; what is finer than a microsecond is dropped.
  microseconds fraction() {
    std::int64_t value = 0;
    std::int64_t unit = 100'000;
    for (; !rest_.empty() && base::is_digit(rest_.front()); rest_.remove_prefix(1), unit /= 10)
      value += unit * (rest_.front() - '0');
    return microseconds{value};
  }

 private:
  std::string_view rest_;
};

constexpr std::array<std::string_view, 12> month_names{
    "january", "february", "march",     "april",   "may",      "june",
    "july",    "august",   "september", "october", "november", "december"};

// "jan", "sept" or the whole name: 1 … 12, else 0.
int month_of(std::string_view word) {
  if (word.size() < 3) return 0;
  for (std::size_t i = 0; i < month_names.size(); ++i)
    if (month_names[i].starts_with(word)) return static_cast<int>(i) + 1;
  return 0;
}

struct Day {
  std::optional<int> year, month, day;
};

// "Jan 2, 2024", "2 January 2024", with an optional weekday before either.
Day read_english_day(Pieces& pieces) {
  Day day;
  std::string word = pieces.word();
  if (!word.empty() && month_of(word) == 0) {
    pieces.take(",.");
    pieces.skip_spaces();
    word = pieces.word();
  }
  if (word.empty()) {
    day.day = pieces.number(1, 2);
    pieces.take("-");
    pieces.skip_spaces();
    word = pieces.word();
    pieces.take("-");
  } else {
    pieces.take(".");
    pieces.skip_spaces();
    day.day = pieces.number(1, 2);
    pieces.word();  // "2nd"
  }
  day.month = month_of(word);
  pieces.take(",.");
  pieces.skip_spaces();
  day.year = pieces.number(4, 4);
  return day;
}

Day read_day(Pieces& pieces) {
  Pieces numeric = pieces;
  Day day;
  day.year = numeric.number(4, 4);
  if (!day.year || !numeric.take("-/.")) return read_english_day(pieces);
  day.month = numeric.number(1, 2);
  if (!day.month || !numeric.take("-/.")) return {};
  day.day = numeric.number(1, 2);
  pieces = numeric;
  return day;
}

// "03:04", "03:04:05", "03:04:05.678".
std::optional<microseconds> read_time(Pieces& pieces) {
  const auto hour = pieces.number(1, 2);
  if (!hour || !pieces.take(":")) return std::nullopt;
  const auto minute = pieces.number(2, 2);
  if (!minute || *hour > 24 || *minute > 59) return std::nullopt;
  microseconds time = hours{*hour} + minutes{*minute};
  if (pieces.take(":")) {
    const auto second = pieces.number(2, 2);
    if (!second || *second > 60) return std::nullopt;
    time += seconds{*second};
    if (pieces.take(".,")) time += pieces.fraction();
  }
  if (time > hours{24}) return std::nullopt;
  return time;
}

// Returns false when there is text that is not an offset.
bool read_offset(Pieces& pieces, std::optional<minutes>& offset) {
  pieces.skip_spaces();
  if (pieces.at_end()) return true;
  if (pieces.rest().front() != '+' && pieces.rest().front() != '-') {
    const std::string word = pieces.word();
    if (word != "z" && word != "utc" && word != "gmt") return false;
    offset = minutes{0};
    return pieces.at_end();
  }
  const bool is_west = pieces.take("-");
  if (!is_west) pieces.take("+");
  const auto hour = pieces.number(1, 2);
  pieces.take(":");
  const auto minute = pieces.at_end() ? std::optional(0) : pieces.number(2, 2);
  if (!hour || !minute || *hour > 23 || *minute > 59) return false;
  offset = hours{*hour} + minutes{*minute};
  if (is_west) offset = -*offset;
  return pieces.at_end();
}

bool is_within_years(base::TimePoint time) {
  using namespace std::chrono;
  return time >= sys_days{year{1} / January / 1} && time < sys_days{year{10'000} / January / 1};
}

}  // namespace

std::optional<WrittenDate> parse_date(std::string_view text, const Timezone& zone) {
  const std::string trimmed = markdown::plain_text(text);
  Pieces pieces(trimmed);
  const Day day = read_day(pieces);
  if (!day.year || !day.month || !day.day || *day.year == 0) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*day.year},
                                         std::chrono::month{static_cast<unsigned>(*day.month)},
                                         std::chrono::day{static_cast<unsigned>(*day.day)}};
  if (!date.ok()) return std::nullopt;
  std::chrono::local_time<microseconds> wall = std::chrono::local_days{date};
  std::optional<minutes> offset;
  bool has_time = false;
  const bool has_separator = pieces.take("Tt");
  pieces.take(",");
  pieces.skip_spaces();
  if (has_separator || (!pieces.at_end() && base::is_digit(pieces.rest().front()))) {
    const auto time = read_time(pieces);
    if (!time) return std::nullopt;
    wall += *time;
    has_time = true;
  }
  if (!read_offset(pieces, offset)) return std::nullopt;
  WrittenDate written{
      offset ? base::TimePoint{wall.time_since_epoch()} - *offset : zone.to_utc(wall), {}};
  if (!is_within_years(written.at)) return std::nullopt;
  if (!has_time) written.day = std::chrono::sys_days{date};
  return written;
}

std::optional<WrittenDate> written_day(std::chrono::sys_days day, const Timezone& zone) {
  const WrittenDate written{zone.to_utc(std::chrono::local_days{day.time_since_epoch()}), day};
  return is_within_years(written.at) ? std::optional(written) : std::nullopt;
}

}  // namespace devy::post
