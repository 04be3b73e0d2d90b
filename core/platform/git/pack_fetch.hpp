#pragma once
// Fetches one commit: libgit2's fetch into a fresh bare repository, as shallow as the remote
// allows. Runs in the fetching child, which its parent may kill.

#include <functional>
#include <string>

#include "core/platform/base/secret.hpp"
#include "core/platform/git/fetch_message.hpp"
#include "core/platform/git/ref_advertisement.hpp"

namespace devy::git {

struct PackFetch {
  const FetchOrder& order;
  const RefAdvertisement& refs;
  const base::Secret& token;  // empty: none may be sent
  std::function<void(const Progress&)> on_progress;
};

// Throws what clone.hpp says. `branch` is the short name.
[[nodiscard]] FetchedTip fetch_branch(const PackFetch& fetch, const std::string& branch);
// Fetches exactly fetch.order.commit. When the server does not serve commits by id, the history of
// `branch` (may be empty), then of all branches, is searched for it.
[[nodiscard]] FetchedTip fetch_commit(const PackFetch& fetch, const std::string& branch);

}  // namespace devy::git
