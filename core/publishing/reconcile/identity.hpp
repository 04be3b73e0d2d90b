#pragma once
// Asks GitHub who a blog's repository is, where there is a reason to: a delivery claims something
// of it, it was gone, or its id is not bound. GitHub's answer binds the id and changes the address;
// a delivery never does. Where GitHub cannot be asked, everything stays as it is, and the remote
// alone decides. Borrows the connection and the access; one thread.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/platform/config/config.hpp"
#include "core/platform/github/access.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/publishing/store/blog_store.hpp"
#include "core/publishing/store/repository_standing.hpp"

namespace devy::reconcile {

struct Confirmation {
  // GitHub can be asked about this repository with this configuration.
  bool can_be_asked = false;
  // It answered; if not although it can be asked, it is unavailable at the moment.
  bool is_asked = false;
  // The repository at the address has the id that is bound.
  bool is_same = false;
  // The App may not act on the repository. False where there is no App.
  bool is_uninstalled = false;
};

// Stores what GitHub says and updates `blog` accordingly. A null `access` cannot ask. Throws
// Error(rejected, "repository_replaced") when the address belongs to another repository now, and
// what pg::Connection throws; GitHub's errors are logged.
[[nodiscard]] Confirmation confirm_identity(pg::Connection& connection,
                                            const config::Config& config, publishing::Blog& blog,
                                            const publishing::RepositoryStanding& standing,
                                            github::Access* access);

// GitHub's id of the repository at an address, for whoever connects a blog with it.
struct FoundId {
  std::optional<std::int64_t> github_id;
  std::string obstacle;  // why it is not known; empty: it is, or the address is not at GitHub
};
// Asks at once, with the configured credential where it is for the repository; a public repository
// needs none. Throws nothing but Error(stopped).
[[nodiscard]] FoundId find_github_id(const config::Config& config, const std::string& url,
                                     std::unique_ptr<http::Transport> transport = nullptr);

}  // namespace devy::reconcile
