#pragma once
// What a post's links resolved to as the JSON of post.links (see its comment in schema.sql).
// Internal to core/store. Pure; any thread.

#include <optional>
#include <string>
#include <string_view>

#include "core/publish/link_places.hpp"

namespace devy::store {

// Nothing for a post without links.
[[nodiscard]] std::optional<std::string> to_json(const publish::PostLinks& links);
// Throws Error(internal) when it is none of ours.
[[nodiscard]] publish::PostLinks post_links_from_json(std::string_view json);

}  // namespace devy::store
