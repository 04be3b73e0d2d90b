#pragma once
// What GitHub tells about repositories besides pushes, carried out (the table of github.md).
// Private to this folder. Each call belongs into the caller's transaction; one thread.

#include <optional>
#include <string>
#include <vector>

#include "core/base/id.hpp"
#include "core/config/config.hpp"
#include "core/pg/connection.hpp"
#include "core/webhook/event.hpp"

namespace devy::upload {

// Of a RepositoryChanged or InstallationChanged. Gives the uploads that were recorded for it: a
// blog that follows a new default branch, or that can be reached again.
[[nodiscard]] std::vector<base::UploadId> apply_news(pg::Connection& connection,
                                                     const config::Config& config,
                                                     const webhook::Event& event,
                                                     const std::string& guid);

// The address in the form in which it may be fetched; nothing where the policy does not allow it.
[[nodiscard]] std::optional<std::string> allowed_url(const config::Config& config,
                                                     const std::string& url);

}  // namespace devy::upload
