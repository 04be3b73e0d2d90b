#pragma once
// The members of a JSON object that somebody reads, cut out of it as text. A push of GitHub's is
// mostly commits that nobody reads here, up to 25 MiB of them; passing over them is ten times
// faster than parsing them, and takes no memory.
//
// What is cut out has still to be parsed; of what is passed over only brackets and strings are
// understood. Pure; any thread.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace devy::webhook {

// An object of the members whose names `is_kept` wants; of names with escapes in them too, which
// whoever parses the outline then understands. Nothing for what is no object, whose brackets do not
// match, or that is nested deeper than `depth_max`.
[[nodiscard]] std::optional<std::string> outline(
    std::string_view json, int depth_max, const std::function<bool(std::string_view)>& is_kept);

}  // namespace devy::webhook
