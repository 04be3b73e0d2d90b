#pragma once
// A moment in the past, as people name it for --since and --until: how long ago ("1h", "7d"),
// "today", "yesterday", a day ("2026-11-29"), a time ("20:00": the last one), or both
// ("2026-11-29 20:00", RFC 3339). Days and times are UTC, as all times that the program prints.
// Pure; any thread.

#include <optional>
#include <string>
#include <string_view>

#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "core/platform/base/clock.hpp"

namespace devy::cli {

[[nodiscard]] std::optional<base::TimePoint> parse_moment(std::string_view text,
                                                          base::TimePoint now);

// How long ago the option's moment is; nothing where the option was not given.
[[nodiscard]] std::optional<base::Duration> time_since(const Arguments& arguments,
                                                       std::string_view option,
                                                       base::TimePoint now);

// --since and --until, alike in every verb that lists.
[[nodiscard]] Option since_option();
[[nodiscard]] Option until_option();

}  // namespace devy::cli
