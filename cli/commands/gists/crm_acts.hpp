#pragma once
// The parts of `gist crm` that act or ask the CRM. Each returns the exit status; throws
// base::Error.

#include <optional>
#include <string>
#include <vector>

#include "cli/context.hpp"

namespace devy::cli {

[[nodiscard]] int retry_crm(Context& context, const std::vector<std::string>& ids);
// `since`: a day, a time, or a duration before now; nothing: all files.
[[nodiscard]] int backfill_crm(Context& context, const std::optional<std::string>& since);
[[nodiscard]] int audit_crm(Context& context);

}  // namespace devy::cli
