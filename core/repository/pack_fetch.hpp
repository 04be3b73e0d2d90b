#pragma once
// Brings one commit over: libgit2's fetch into a fresh bare repository, as shallow as the remote
// allows. Runs in the fetching child, which its parent may kill.

#include <functional>
#include <string>

#include "core/base/secret.hpp"
#include "core/repository/fetch_message.hpp"
#include "core/repository/ref_advertisement.hpp"

namespace devy::repository {

struct PackFetch {
  const FetchOrder& order;
  const RefAdvertisement& refs;
  const base::Secret& token;  // empty: none may be sent
  std::function<void(const Progress&)> on_progress;
};

// Throws as clone.hpp says. `branch` is the short name.
[[nodiscard]] FetchedTip fetch_branch(const PackFetch& fetch, const std::string& branch);
// Exactly fetch.order.commit. Where the server gives no commit by its id, the history of `branch`
// (may be empty), then of all branches, is searched for it.
[[nodiscard]] FetchedTip fetch_commit(const PackFetch& fetch, const std::string& branch);

}  // namespace devy::repository
