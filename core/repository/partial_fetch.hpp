#pragma once
// Fetches that leave files out: a commit with its trees, and later the blobs that are wanted after
// all. libgit2 does not speak the protocol for it (v2 with a filter, gitprotocol-v2(5)), so the
// requests are ours, over http::Transport; it indexes and checks the packs. For a large repository
// of which a push changes little that is most of the work. Runs in the fetching child.

#include <functional>
#include <optional>
#include <string>

#include "core/base/secret.hpp"
#include "core/http/transport.hpp"
#include "core/repository/fetch_message.hpp"

namespace devy::repository {

struct PartialFetch {
  const FetchOrder& order;
  http::Transport& transport;  // that takes at least answer_bytes_max(order)
  const base::Secret& token;   // empty: none may be sent
  std::function<void(const Progress&)> on_progress;
};

// What a transport must let through for limits.pack_bytes_max to be what decides.
[[nodiscard]] std::uint64_t answer_bytes_max(const FetchOrder& order);

// The commit and all its trees, in a repository of their own. Nothing when the server will not have
// it: then everything has to be fetched. Throws as clone.hpp says.
[[nodiscard]] std::optional<FetchedTip> fetch_trees(const PartialFetch& fetch,
                                                    const std::string& branch,
                                                    const CommitId& commit);

// order.blobs, into the repository order.directory. Throws as clone.hpp says, and
// Error(unavailable, "blobs_declined") when the server does not give them by their names.
[[nodiscard]] FetchedBlobs fetch_blobs(const PartialFetch& fetch);

}  // namespace devy::repository
