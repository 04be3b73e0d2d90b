#pragma once
// Writes and reads the resolved links of a post as the JSON of post.links (see its comment in
// schema.sql). Internal to core/store. Pure; any thread.

#include <optional>
#include <string>
#include <string_view>

#include "core/publishing/plan/link_places.hpp"

namespace devy::publishing {

// Returns nothing for a post without links.
[[nodiscard]] std::optional<std::string> to_json(const plan::PostLinks& links);
// Throws Error(internal) for JSON that to_json() did not write.
[[nodiscard]] plan::PostLinks post_links_from_json(std::string_view json);

}  // namespace devy::publishing
