#pragma once
// One item of a list at GitHub: its address, and whether the answer is about it. Pure; any thread.

#include <cstdint>
#include <optional>
#include <string>

#include "core/mirror/scan/list.hpp"
#include "core/platform/json/reader.hpp"

namespace devy::scan {

// "/repositories/7/issues/12"; the key is a number, a label's name, a login, or
// the id of a hook or a comment.
[[nodiscard]] std::string item_address(const List& list, std::int64_t repository_id,
                                       std::string_view key);

// "owner/name" of the repository that an issue's document belongs to, where that is not this one:
// an issue that was transferred is answered with the one that it became.
[[nodiscard]] std::optional<std::string> other_repository(const json::Value& document,
                                                          std::int64_t repository_id,
                                                          const std::string& name);

}  // namespace devy::scan
