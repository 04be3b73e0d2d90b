#pragma once
// Times in pages: each stands in `<time datetime="{{X_UTC}}">{{X}}</time>`, its attribute in UTC,
// its text for people; app.js shows local times when a reader wants them. Ages stand in lists,
// clocks in logs, and a date where the day is not today's in UTC. Pure; any thread.

#include <string>

#include "core/platform/base/clock.hpp"
#include "core/platform/web/html/page.hpp"

namespace devy::html {

// "now" below a second, "40 s", "4 min", "2 h", "9 d"; what lies ahead is "in 4 min".
[[nodiscard]] std::string age_text(base::TimePoint time, base::TimePoint now);
// "14:28:11" of today, "28 Nov 14:32" of this year, "28 Nov 2025" of others.
[[nodiscard]] std::string clock_text(base::TimePoint time, base::TimePoint now);
// "14:28:11.310", and "28 Nov 14:28:11.310" when it is not today.
[[nodiscard]] std::string exact_clock_text(base::TimePoint time, base::TimePoint now);

// The two names of one time element.
struct TimeNames {
  Name utc;
  Name text;
};

void set_age(Fill& fill, TimeNames names, base::TimePoint time, base::TimePoint now);
void set_clock(Fill& fill, TimeNames names, base::TimePoint time, base::TimePoint now);
void set_exact_clock(Fill& fill, TimeNames names, base::TimePoint time, base::TimePoint now);

}  // namespace devy::html
