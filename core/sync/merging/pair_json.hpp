#pragma once
// Small documents of a pair, read and written, for all of sync. Pure; any thread. Throws
// Error(internal) for documents that are not what this program writes.

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/platform/base/clock.hpp"
#include "core/platform/json/json.hpp"
#include "core/sync/record/fields.hpp"
#include "core/sync/record/remote.hpp"

namespace devy::merging {

[[nodiscard]] record::LabelMap label_map(const std::string& labels);
[[nodiscard]] std::map<std::string, std::string> refused_values(const std::string& refused);
[[nodiscard]] std::string comment_text(const std::string& fields);
// Whether the flags say that it is a pull request that was merged.
[[nodiscard]] bool is_merged(const std::string& flags);
// Adds a field by the name that it has in record::task_field_names; a state comes with its reason.
void add_field(json::Json& document, const record::TaskFields& fields, const std::string& name);
// How inbound operations name what GitHub says: its time and the digest.
[[nodiscard]] std::string revision_of(const std::optional<base::TimePoint>& at,
                                      std::string_view digest);

}  // namespace devy::merging
