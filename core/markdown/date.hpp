#pragma once
// Dates as authors write them in front matter. Pure; any thread.

#include <optional>
#include <string_view>

#include "core/base/clock.hpp"
#include "core/markdown/timezone.hpp"

namespace devy::markdown {

// RFC 3339, and what is common beside it: "2024-01-02", "2024-1-2", "2024/01/02", an hour and
// minute with or without seconds after a space or 'T', an offset as "Z", "+08:00", " +0800" or
// "UTC"; and English months, "Jan 2, 2024", "2 January 2024". Without an offset: in `zone`; without
// a time: midnight. The year lies in 1 … 9999.
[[nodiscard]] std::optional<base::TimePoint> parse_date(std::string_view text,
                                                        const Timezone& zone);

}  // namespace devy::markdown
