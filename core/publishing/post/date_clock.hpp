#pragma once
// Reads the time of a date, and where on Earth it was meant. Private to this folder. Any thread.

#include <chrono>
#include <optional>

#include "core/publishing/post/date_pieces.hpp"
#include "core/publishing/post/timezone.hpp"

namespace devy::post {

// A zone as it was written: an offset, or the rules of a place. Both are missing where none was.
struct WrittenZone {
  std::optional<std::chrono::minutes> offset;
  std::optional<Timezone> place;
};

// "03:04", "3:04:05.678", "10:30 PM", "10pm", "030405". Nothing where that is no time.
[[nodiscard]] std::optional<std::chrono::microseconds> read_time(DatePieces& pieces);

// "Z", "+08:00", " -0500 EST", "UTC+8", "GMT+0000 (Coordinated Universal Time)", "Europe/Berlin".
// Returns false when there is text that is no zone.
[[nodiscard]] bool read_zone(DatePieces& pieces, WrittenZone& zone);

}  // namespace devy::post
