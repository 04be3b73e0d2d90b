#pragma once
// project_repository.labels as a value: GitHub's names of labels → ours; nothing: the label is
// ignored. Pure; any thread. Throws Error(internal) for what is no such object.

#include <map>
#include <optional>
#include <string>

namespace devy::sync {

[[nodiscard]] std::map<std::string, std::optional<std::string>> read_label_map(
    const std::string& json);

}  // namespace devy::sync
