#pragma once
// The JSON of a webhook within its limits, and the two kinds of fields that GitHub alone has. Null
// and absent mean the same, because GitHub does not distinguish them. Private to this folder. All
// of it throws Error(rejected, "payload_invalid"), which names the field. Pure; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/json/reader.hpp"

namespace devy::webhook {

[[noreturn]] void throw_invalid(const std::string& cause);

// Keeps only the members that an event reads (event.cpp). The commits of a push, for example, are
// skipped, so that a body of 25 MiB does not become ten times that in memory.
[[nodiscard]] json::Value parse_payload(std::string_view text);

// Ids are above 0.
[[nodiscard]] std::optional<std::int64_t> maybe_id(const json::Value& payload,
                                                   std::string_view path);
// Accepts seconds since 1970, as in a push, and RFC 3339, as elsewhere.
[[nodiscard]] std::optional<base::TimePoint> maybe_time(const json::Value& payload,
                                                        std::string_view path);
// Reads the `id` members of an array of objects. Empty when it is absent.
[[nodiscard]] std::vector<std::int64_t> ids_of(const json::Value& payload, std::string_view path,
                                               std::size_t count_max);

}  // namespace devy::webhook
