#pragma once
// The query of a request, "?state=failed&before=…", by the strict rules of fields.hpp. Pure; any
// thread.

#include "core/platform/http/server/fields.hpp"
#include "core/platform/http/server/message.hpp"

namespace devy::server {

// A target is at most 4 KiB long anyway (head.hpp).
inline constexpr Fields::Limits query_limits{.bytes_max = 4096, .fields_max = 50};

// Throws Error(usage) as Fields does.
[[nodiscard]] Fields read_query(const ReceivedRequest& request);

}  // namespace devy::server
