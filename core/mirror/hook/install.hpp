#pragma once
// Makes GitHub tell us of what changes in a mirrored repository: a webhook of ours there, or none
// any more. Asks GitHub at once, with the configured credential, which must be an administrator's,
// within the limits that all daemons share. Blocks; one thread.
//
// Throws Error(config): "hook_url_missing", "hook_secret_missing"; what the requests throw; and
// Error(busy, "rate_limited") when GitHub must be left alone now.

#include <cstdint>
#include <string>
#include <vector>

#include "core/mirror/scan/api.hpp"
#include "core/platform/base/clock.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/github/access.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::hook {

struct Installed {
  std::int64_t repository_id = 0, hook_id = 0;
  std::string repository;  // "owner/name"
  bool is_new = false;     // otherwise it was there, and is as it has to be now
};
struct Uninstalled {
  std::string repository;
  std::vector<std::int64_t> hook_ids;  // those that were deleted
  std::vector<std::int64_t> kept_ids;  // those that stay for a blog (github/own_hook.hpp)
};

class Installer {
 public:
  // Borrows all. Reads the credential's file.
  Installer(pg::Connection& connection, const config::Config& config, const base::Clock& clock);

  // `repository`: "owner/name". A hook whose address is mirror.hook_url is ours: it is mended
  // before one is added, and keeps the events that it has besides. The secret is the last one of
  // webhook.secrets that is for the repository, else the last one for all.
  [[nodiscard]] Installed install(const std::string& repository);
  [[nodiscard]] Uninstalled uninstall(const std::string& repository);

 private:
  pg::Connection& connection_;
  const config::Config& config_;
  github::Access access_;
};

// The same for an operation, whose handler has found out in whose name GitHub is asked, and keeps
// to the limits.
[[nodiscard]] Installed install_as(pg::Connection& connection, const config::Config& config,
                                   scan::Api& api, github::Repository& repository);
[[nodiscard]] Uninstalled uninstall_as(pg::Connection& connection, const config::Config& config,
                                       scan::Api& api, github::Repository& repository);

// The events that the mirror wants of a repository (mirror.md, section 3).
[[nodiscard]] std::vector<std::string> wanted_events();

}  // namespace devy::hook
