#pragma once
// Applies repository events other than pushes (the table of github.md), as far as a payload is
// believed: it is a reason to ask, and may hide, but never reveals, renames or moves anything. Each
// call belongs in the caller's transaction; one thread.

#include <optional>
#include <string>
#include <vector>

#include "core/platform/base/id.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/webhook/subscriber.hpp"

namespace devy::upload {

// Applies a RepositoryChanged or an InstallationChanged. Returns the uploads recorded because of
// it: for a blog that follows a new default branch.
[[nodiscard]] std::vector<base::UploadId> apply_repository_event(pg::Connection& connection,
                                                                 const config::Config& config,
                                                                 const webhook::Received& delivery);

// Returns the address in the form in which it may be fetched; nothing when the policy does not
// allow it.
[[nodiscard]] std::optional<std::string> allowed_url(const config::Config& config,
                                                     const std::string& url);

}  // namespace devy::upload
