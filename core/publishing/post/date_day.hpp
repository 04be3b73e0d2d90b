#pragma once
// Reads the day of a date as authors write it: numbers with the year first, English months, a year
// or a month alone. Private to this folder. Pure; any thread.

#include <optional>

#include "core/publishing/post/date_pieces.hpp"

namespace devy::post {

// A day that was read, not checked for its calendar; nothing where it was not written.
struct WrittenDay {
  std::optional<int> year, month, day;
};

// Takes the day off the front of `pieces`. Programs of Unix write the year last, behind the time:
// the year is missing then, and read_last_year reads it when the time has been read.
[[nodiscard]] WrittenDay read_day(DatePieces& pieces);
[[nodiscard]] std::optional<int> read_last_year(DatePieces& pieces);

// "Tue", "Tuesday", "(Tue)": says nothing that the date does not.
void skip_weekday(DatePieces& pieces);

// Three numbers of which either of the first two can be the month: "3/4/2024", "03-04-24".
[[nodiscard]] bool has_unclear_month(DatePieces pieces);

}  // namespace devy::post
