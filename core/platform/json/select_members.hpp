#pragma once
// Selects the needed members of a JSON object and cuts them out of it as text. A push payload of up
// to 25 MiB is mostly commits that are not needed here; skipping them is ten times faster than
// parsing them, and takes no memory.
//
// The result still has to be parsed; of the skipped parts only brackets and strings are understood.
// Pure; any thread.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace devy::json {

// Returns an object of the members whose names satisfy `is_kept`. Members whose names contain
// escapes are kept too, because only a parser understands them. Returns nothing for text that is
// not an object, whose brackets do not match, or that is nested deeper than `depth_max`.
[[nodiscard]] std::optional<std::string> select_members(
    std::string_view json, int depth_max, const std::function<bool(std::string_view)>& is_kept);

}  // namespace devy::json
