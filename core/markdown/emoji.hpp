#pragma once
// Emoji by name, ":tada:", as GitHub writes them in text: anywhere, inside a word too, where the
// name between two colons is known. Names that GitHub draws as pictures (":octocat:") have no
// character and stay as they are. The table is emoji.txt. Pure; any thread.

#include <optional>
#include <string>
#include <string_view>

namespace devy::markdown {

// The characters of "tada", or nothing.
[[nodiscard]] std::string_view find_emoji(std::string_view name);

// `text` with its names replaced; nothing, and nothing allocated, when there are none.
[[nodiscard]] std::optional<std::string> with_emoji(std::string_view text);

}  // namespace devy::markdown
