#pragma once
// The answers of Pipedrive's API, as JSON within limits. Private to this folder. Pure; any thread.

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/platform/json/reader.hpp"

namespace devy::crm {

inline constexpr std::uint64_t answer_bytes_max = std::uint64_t{1024} * 1024;

// Nothing for what is no object: a proxy's page, half an answer.
[[nodiscard]] std::optional<json::Value> read_document(std::string_view text);

}  // namespace devy::crm
