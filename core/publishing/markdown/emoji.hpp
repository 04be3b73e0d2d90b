#pragma once
// Replaces emoji names like ":tada:" as GitHub does: anywhere in text, even inside a word, when the
// name between two colons is known. Names that GitHub shows as pictures of its own (":octocat:")
// have no character: they are shown without their colons. The table is emoji.txt. Pure; any thread.

#include <optional>
#include <string>
#include <string_view>

namespace devy::markdown {

// Returns what is shown for a name such as "tada", or an empty text.
[[nodiscard]] std::string_view find_emoji(std::string_view name);

// Returns `text` with its names replaced; returns nothing, and allocates nothing, when it has none.
[[nodiscard]] std::optional<std::string> with_emoji(std::string_view text);

}  // namespace devy::markdown
