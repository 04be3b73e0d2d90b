#pragma once
// Finds the place that a link names behind its '#' among the ids of a page, as GitHub does: as
// written, with its escapes decoded, and then in lower case. Pure; any thread.

#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

namespace devy::markdown {

// The ids and names of a page, without id_prefix.
using Anchors = std::unordered_set<std::string>;

// Returns the id that the fragment (without its '#') means; nothing when the page has none such.
[[nodiscard]] std::optional<std::string> find_anchor(const Anchors& anchors,
                                                     std::string_view fragment);

// Why a link to a page that is there is dead all the same.
inline constexpr std::string_view no_such_anchor = "the post has no such heading or anchor";

// True for what leads somewhere on every page: nothing, the top, and text to be searched for
// (":~:text=…").
[[nodiscard]] bool is_on_every_page(std::string_view fragment);

// Escapes all that is not fit for a URL, an attribute and a page's ids alike.
[[nodiscard]] std::string encode_anchor(std::string_view id);

}  // namespace devy::markdown
