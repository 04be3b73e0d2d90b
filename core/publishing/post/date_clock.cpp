#include "core/publishing/post/date_clock.hpp"

#include <algorithm>
#include <array>

namespace devy::post {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::minutes;
using std::chrono::seconds;

struct NamedOffset {
  std::string_view name;
  minutes offset;
};

// The names that programs write, as mail (RFC 2822) and Ruby's Time.parse understand them; of those
// that several countries use, the one that these mean.
constexpr std::array named_offsets{
    NamedOffset{"acdt", minutes{630}},  NamedOffset{"acst", minutes{570}},
    NamedOffset{"aedt", minutes{660}},  NamedOffset{"aest", minutes{600}},
    NamedOffset{"akdt", minutes{-480}}, NamedOffset{"akst", minutes{-540}},
    NamedOffset{"awst", minutes{480}},  NamedOffset{"brt", minutes{-180}},
    NamedOffset{"bst", minutes{60}},    NamedOffset{"cat", minutes{120}},
    NamedOffset{"cdt", minutes{-300}},  NamedOffset{"cest", minutes{120}},
    NamedOffset{"cet", minutes{60}},    NamedOffset{"cst", minutes{-360}},
    NamedOffset{"eat", minutes{180}},   NamedOffset{"edt", minutes{-240}},
    NamedOffset{"eest", minutes{180}},  NamedOffset{"eet", minutes{120}},
    NamedOffset{"est", minutes{-300}},  NamedOffset{"gmt", minutes{0}},
    NamedOffset{"hkt", minutes{480}},   NamedOffset{"hst", minutes{-600}},
    NamedOffset{"ist", minutes{330}},   NamedOffset{"jst", minutes{540}},
    NamedOffset{"kst", minutes{540}},   NamedOffset{"mdt", minutes{-360}},
    NamedOffset{"mest", minutes{120}},  NamedOffset{"met", minutes{60}},
    NamedOffset{"mez", minutes{60}},    NamedOffset{"msk", minutes{180}},
    NamedOffset{"mst", minutes{-420}},  NamedOffset{"nzdt", minutes{780}},
    NamedOffset{"nzst", minutes{720}},  NamedOffset{"pdt", minutes{-420}},
    NamedOffset{"pst", minutes{-480}},  NamedOffset{"sast", minutes{120}},
    NamedOffset{"sgt", minutes{480}},   NamedOffset{"ut", minutes{0}},
    NamedOffset{"utc", minutes{0}},     NamedOffset{"west", minutes{60}},
    NamedOffset{"wet", minutes{0}},     NamedOffset{"z", minutes{0}},
};
static_assert(std::ranges::is_sorted(named_offsets, {}, &NamedOffset::name));

std::optional<minutes> offset_named(std::string_view name) {
  const auto* found = std::ranges::lower_bound(named_offsets, name, {}, &NamedOffset::name);
  if (found == named_offsets.end() || found->name != name) return std::nullopt;
  return found->offset;
}

enum class Half { none, morning, afternoon };

// "AM", "p.m.".
Half read_half(DatePieces& pieces) {
  DatePieces ahead = pieces;
  ahead.skip(date_spaces);
  const bool is_afternoon = ahead.take("pP");
  if (!is_afternoon && !ahead.take("aA")) return Half::none;
  ahead.take(".");
  if (!ahead.take("mM")) return Half::none;
  ahead.take(".");
  if (!DatePieces(ahead).word().empty()) return Half::none;
  pieces = ahead;
  return is_afternoon ? Half::afternoon : Half::morning;
}

// The hour of a clock with 24 hours; nothing for "13 AM".
std::optional<int> hour_of(int hour, Half half) {
  constexpr int noon = 12;
  if (half == Half::none) return hour;
  if (half == Half::morning && hour > noon) return std::nullopt;
  if (half == Half::morning) return hour % noon;
  return hour < noon ? hour + noon : hour;
}

// "+08:00", "-0230", "+8".
std::optional<minutes> read_offset(DatePieces& pieces) {
  const bool is_west = pieces.take("-");
  if (!is_west && !pieces.take("+")) return std::nullopt;
  const bool is_short = pieces.digits() < 3;
  const auto hour = pieces.number(1, is_short || pieces.digits() == 4 ? 2 : 1);
  const bool has_minutes = pieces.take(":") || !is_short;
  const auto minute = has_minutes ? pieces.number(2, 2) : std::optional(0);
  if (!hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
  const minutes offset = hours{*hour} + minutes{*minute};
  return is_west ? -offset : offset;
}

// "Europe/Berlin", as the system's zoneinfo knows it.
bool read_place(DatePieces& pieces, WrittenZone& zone) {
  const std::string_view name = pieces.rest().substr(0, pieces.rest().find_first_of(" \t("));
  if (name.find('/') == std::string_view::npos) return false;
  zone.place = Timezone::load(name);
  pieces = DatePieces(pieces.rest().substr(name.size()));
  return zone.place.has_value();
}

}  // namespace

std::optional<microseconds> read_time(DatePieces& pieces) {
  constexpr std::size_t compact_digits = 4;
  const bool is_compact = pieces.digits() >= compact_digits;
  const auto hour = pieces.number(is_compact ? 2 : 1, 2);
  if (!hour || *hour > 24) return std::nullopt;
  microseconds time{0};
  const bool has_minute = is_compact || pieces.take(":");
  if (has_minute) {
    const auto minute = pieces.number(is_compact ? 2 : 1, 2);
    if (!minute || *minute > 59) return std::nullopt;
    time += minutes{*minute};
    if (is_compact ? pieces.at_digit() : pieces.take(":")) {
      const auto second = pieces.number(is_compact ? 2 : 1, 2);
      if (!second || *second > 60) return std::nullopt;
      time += seconds{*second};
      if (pieces.take(".,")) time += pieces.fraction();
    }
  }
  const Half half = read_half(pieces);
  if (!has_minute && half == Half::none) return std::nullopt;
  const auto hour_of_day = hour_of(*hour, half);
  if (!hour_of_day) return std::nullopt;
  time += hours{*hour_of_day};
  if (time > hours{24}) return std::nullopt;
  return time;
}

bool read_zone(DatePieces& pieces, WrittenZone& zone) {
  pieces.skip(date_spaces);
  if (!pieces.at_end() && base::is_letter(pieces.rest().front()) && !read_place(pieces, zone)) {
    zone.offset = offset_named(pieces.word());
    if (!zone.offset) return false;
  }
  pieces.skip(date_spaces);
  if (pieces.rest().starts_with('+') || pieces.rest().starts_with('-')) {
    const auto offset = read_offset(pieces);
    if (!offset || zone.place) return false;
    // "UTC+8" is eight hours before UTC, and so is "UTC +0800".
    zone.offset = zone.offset.value_or(minutes{0}) + *offset;
    pieces.skip(date_spaces);
    // Go writes the name behind the offset: "+0000 UTC", and "+0800 +0800" where it knows none.
    if (DatePieces name = pieces; offset_named(name.word())) pieces = name;
    pieces.skip(date_spaces);
  }
  if (pieces.rest().starts_with('(') && pieces.rest().ends_with(')'))
    pieces = DatePieces(std::string_view());
  return true;
}

}  // namespace devy::post
