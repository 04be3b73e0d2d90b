#pragma once
// The rules of one IANA time zone, read from the system's zoneinfo (TZif, RFC 8536). Immutable
// values; any thread.
//
// g++ 12 has no std::chrono time zones, and libc's setting applies to the whole process. Debian's
// libhowardhinnant-date (3.0.1, built to use the system's zoneinfo) agrees with this in all 598
// zones as far as a file's table goes, but ignores the rule behind it: from 2038 on, New York has
// no summer. Its parser of such rules is no C++20 in Debian 12 and refuses Nuuk's. It also looks at
// every file of zoneinfo once a process: 800 system calls in each rendering child.

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/base/clock.hpp"

namespace devy::post {

// The beginning or end of daylight saving: "Mm.w.d/time" of a POSIX TZ string, or a day of the
// year.
struct YearlyRule {
  enum class Form { month_week_day, julian_day, day_of_year };
  Form form = Form::month_week_day;
  int month = 0, week = 0, day = 0;
  std::chrono::seconds time{7'200};  // in local time
};

class Timezone {
 public:
  Timezone() = default;  // UTC

  // Returns nothing when this system does not know the name, or it is not a name ("../x"). "UTC" is
  // known everywhere.
  [[nodiscard]] static std::optional<Timezone> load(std::string_view name);

  // Converts a wall-clock time. An ambiguous time means its first occurrence; a skipped one, the
  // moment that the clocks would have reached it.
  [[nodiscard]] base::TimePoint to_utc(
      std::chrono::local_time<std::chrono::microseconds> wall) const;
  // Returns the calendar day in this zone at a moment.
  [[nodiscard]] std::chrono::sys_days day_at(base::TimePoint time) const;

 private:
  using Seconds = std::chrono::seconds;
  [[nodiscard]] bool read(std::string_view tzif);
  [[nodiscard]] bool read_footer(std::string_view footer);
  [[nodiscard]] Seconds offset_at(std::chrono::sys_seconds time) const;
  [[nodiscard]] Seconds offset_by_rules(std::chrono::sys_seconds time) const;

  std::vector<std::int64_t> transitions_;  // ascending, seconds since 1970
  std::vector<Seconds> offsets_;           // each from its transition on
  Seconds first_offset_{0};
  // The offsets after the last transition.
  Seconds standard_offset_{0}, daylight_offset_{0};
  std::optional<std::array<YearlyRule, 2>> daylight_;  // its beginning and end
  bool has_footer_ = false;
};

}  // namespace devy::post
