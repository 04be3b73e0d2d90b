#include "core/publishing/post/timezone.hpp"

#include <algorithm>
#include <cstddef>
#include <fstream>

#include "core/platform/base/ascii.hpp"

namespace devy::post {
namespace {

using std::chrono::days;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::sys_seconds;

constexpr std::string_view zoneinfo = "/usr/share/zoneinfo/";
constexpr std::size_t name_bytes_max = 64;
constexpr std::size_t file_bytes_max = 262'144;  // the largest real one has 4 KiB
constexpr std::size_t header_bytes = 44;

bool is_name(std::string_view name) {
  return name.size() <= name_bytes_max && !name.starts_with('/') && base::is_word_of(name, "_-+/");
}

std::int64_t big_endian(std::string_view bytes) {
  const bool is_negative = (static_cast<unsigned char>(bytes.front()) & 0x80U) != 0;
  std::uint64_t value = is_negative ? ~std::uint64_t{0} : 0;
  for (const char byte : bytes)
    value = value << 8U | static_cast<unsigned char>(byte);
  return static_cast<std::int64_t>(value);
}

struct Counts {
  std::size_t utc_flags, standard_flags, leaps, times, types, characters;
  [[nodiscard]] std::size_t body_bytes(std::size_t time_bytes) const {
    return times * time_bytes + times + types * 6 + characters + leaps * (time_bytes + 4) +
           standard_flags + utc_flags;
  }
};

std::optional<Counts> read_counts(std::string_view data) {
  if (data.size() < header_bytes || !data.starts_with("TZif")) return std::nullopt;
  const auto number = [&](std::size_t index) {
    const auto value = big_endian(data.substr(20 + index * 4, 4));
    return value < 0 || value > 100'000 ? std::size_t{100'000} : static_cast<std::size_t>(value);
  };
  return Counts{number(0), number(1), number(2), number(3), number(4), number(5)};
}

// The grammar of a POSIX TZ string: "CET-1CEST,M3.5.0,M10.5.0/3", "<+03>-3".
class Footer {
 public:
  explicit Footer(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  bool take(char byte) {
    if (!rest_.starts_with(byte)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool read_name() {
    const bool is_quoted = take('<');
    std::size_t length = 0;
    while (length < rest_.size() &&
           (is_quoted ? rest_[length] != '>' : base::is_letter(rest_[length])))
      ++length;
    rest_.remove_prefix(length);
    return length > 0 && (!is_quoted || take('>'));
  }
  std::optional<int> read_number() {
    int value = 0;
    std::size_t length = 0;
    for (; length < rest_.size() && length < 4 && base::is_digit(rest_[length]); ++length)
      value = value * 10 + (rest_[length] - '0');
    rest_.remove_prefix(length);
    return length > 0 ? std::optional(value) : std::nullopt;
  }
  // "[+-]hh[:mm[:ss]]"
  std::optional<seconds> read_time() {
    const bool is_negative = take('-');
    if (!is_negative) take('+');
    seconds total{0};
    int unit = 3600;
    do {
      const auto number = read_number();
      if (!number) return std::nullopt;
      total += seconds{*number * unit};
      unit /= 60;
    } while (unit > 0 && take(':'));
    return is_negative ? -total : total;
  }
  std::optional<YearlyRule> read_rule() {
    YearlyRule rule;
    if (!take(',')) return std::nullopt;
    if (take('M')) {
      const auto month = read_number();
      if (!month || !take('.')) return std::nullopt;
      const auto week = read_number();
      if (!week || !take('.')) return std::nullopt;
      const auto day = read_number();
      if (!day || *month < 1 || *month > 12 || *week < 1 || *week > 5 || *day > 6)
        return std::nullopt;
      rule = {YearlyRule::Form::month_week_day, *month, *week, *day, rule.time};
    } else {
      rule.form = take('J') ? YearlyRule::Form::julian_day : YearlyRule::Form::day_of_year;
      const auto day = read_number();
      if (!day || *day > 366) return std::nullopt;
      rule.day = *day;
    }
    if (!take('/')) return rule;
    const auto time = read_time();
    if (!time) return std::nullopt;
    rule.time = *time;
    return rule;
  }

 private:
  std::string_view rest_;
};

// The rule's moment in a year, in local time as if it were UTC.
sys_seconds moment(const YearlyRule& rule, std::chrono::year year) {
  using namespace std::chrono;
  const sys_days first{year / January / 1};
  switch (rule.form) {
    case YearlyRule::Form::day_of_year: return first + days{rule.day} + rule.time;
    case YearlyRule::Form::julian_day: {  // February 29 is never counted
      const bool is_after = year.is_leap() && rule.day >= 60;
      return first + days{rule.day - (is_after ? 0 : 1)} + rule.time;
    }
    case YearlyRule::Form::month_week_day: break;
  }
  const month in{static_cast<unsigned>(rule.month)};
  const weekday on{static_cast<unsigned>(rule.day)};
  if (rule.week == 5) return sys_days{year / in / on[last]} + rule.time;
  return sys_days{year / in / on[static_cast<unsigned>(rule.week)]} + rule.time;
}

}  // namespace

std::optional<Timezone> Timezone::load(std::string_view name) {
  Timezone zone;
  if (name == "UTC") return zone;
  if (!is_name(name)) return std::nullopt;
  std::ifstream file(std::string(zoneinfo) + std::string(name), std::ios::binary);
  std::string data(file_bytes_max, '\0');
  file.read(data.data(), static_cast<std::streamsize>(data.size()));
  data.resize(static_cast<std::size_t>(file.gcount()));
  return zone.read(data) ? std::optional(zone) : std::nullopt;
}

// The second, 64-bit half of the file; the first is for readers of the last century.
bool Timezone::read(std::string_view tzif) {
  const auto old = read_counts(tzif);
  if (!old || tzif[4] < '2') return false;
  const std::size_t skipped = header_bytes + old->body_bytes(4);
  if (tzif.size() < skipped) return false;
  tzif.remove_prefix(skipped);
  const auto counts = read_counts(tzif);
  if (!counts || counts->types == 0 || tzif.size() < header_bytes + counts->body_bytes(8))
    return false;
  tzif.remove_prefix(header_bytes);
  const auto indexes = tzif.substr(counts->times * 8, counts->times);
  const auto types = tzif.substr(counts->times * 9, counts->types * 6);
  const auto offset_of = [&](std::size_t type) {
    return seconds{big_endian(types.substr(type * 6, 4))};
  };
  first_offset_ = offset_of(0);
  for (std::size_t i = 0; i < counts->times; ++i) {
    const auto type = static_cast<unsigned char>(indexes[i]);
    if (type >= counts->types) return false;
    transitions_.push_back(big_endian(tzif.substr(i * 8, 8)));
    offsets_.push_back(offset_of(type));
  }
  if (!std::ranges::is_sorted(transitions_)) return false;
  tzif.remove_prefix(counts->body_bytes(8));
  if (!tzif.starts_with('\n')) return true;
  return read_footer(tzif.substr(1, tzif.find('\n', 1) - 1));
}

bool Timezone::read_footer(std::string_view text) {
  if (text.empty()) return true;
  Footer footer(text);
  if (!footer.read_name()) return false;
  const auto west = footer.read_time();
  if (!west) return false;
  standard_offset_ = -*west;  // POSIX counts westwards
  has_footer_ = true;
  if (footer.at_end()) return true;
  if (!footer.read_name()) return false;
  daylight_offset_ = standard_offset_ + std::chrono::hours{1};
  if (const auto daylight_west = footer.read_time()) daylight_offset_ = -*daylight_west;
  const auto begin = footer.read_rule();
  const auto end = footer.read_rule();
  if (!begin || !end) return false;
  daylight_ = {*begin, *end};
  return true;
}

seconds Timezone::offset_at(sys_seconds time) const {
  const auto next = std::ranges::upper_bound(transitions_, time.time_since_epoch().count());
  if (next == transitions_.end() && has_footer_) return offset_by_rules(time);
  if (next == transitions_.begin()) return first_offset_;
  return offsets_[static_cast<std::size_t>(next - transitions_.begin()) - 1];
}

seconds Timezone::offset_by_rules(sys_seconds time) const {
  if (!daylight_) return standard_offset_;
  const auto year =
      std::chrono::year_month_day{std::chrono::floor<days>(time + standard_offset_)}.year();
  const auto begin = moment((*daylight_)[0], year) - standard_offset_;
  const auto end = moment((*daylight_)[1], year) - daylight_offset_;
  // South of the equator the year begins and ends in daylight saving.
  const bool is_daylight = begin < end ? time >= begin && time < end : time >= begin || time < end;
  return is_daylight ? daylight_offset_ : standard_offset_;
}

base::TimePoint Timezone::to_utc(std::chrono::local_time<std::chrono::microseconds> wall) const {
  const base::TimePoint as_utc{wall.time_since_epoch()};
  const auto near = std::chrono::floor<seconds>(as_utc);
  // Offsets are less than a day, so these two are those before and after any change nearby.
  const auto before = offset_at(near - days{1});
  const auto after = offset_at(near + days{1});
  if (offset_at(near - before) == before) return as_utc - before;
  if (offset_at(near - after) == after) return as_utc - after;
  return as_utc - before;
}

std::chrono::sys_days Timezone::day_at(base::TimePoint time) const {
  const auto whole = std::chrono::floor<seconds>(time);
  return std::chrono::floor<days>(whole + offset_at(whole));
}

}  // namespace devy::post
