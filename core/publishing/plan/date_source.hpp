#pragma once
// Where the date of a post is from: the column post.date_source, whose comment says what each
// means. Pure; any thread.

#include <string_view>

namespace devy::plan {

enum class DateSource { written, history, commit, pending };

[[nodiscard]] std::string_view to_string(DateSource source);
// Throws Error(internal) for any other word.
[[nodiscard]] DateSource parse_date_source(std::string_view text);

}  // namespace devy::plan
