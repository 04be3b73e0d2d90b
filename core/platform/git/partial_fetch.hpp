#pragma once
// Fetches that omit files: a commit with its trees, and later the blobs that are needed after all;
// and the history of a commit.
// libgit2 does not support the protocol for it (v2 with a filter, gitprotocol-v2(5)), so our code
// sends the requests over http::Transport; libgit2 indexes and checks the packs. For a large
// repository of which a push changes little, this saves most of the work. Runs in the fetching
// child.

#include <functional>
#include <optional>
#include <string>

#include "core/platform/base/secret.hpp"
#include "core/platform/git/fetch_message.hpp"
#include "core/platform/http/transport.hpp"

namespace devy::git {

struct PartialFetch {
  const FetchOrder& order;
  http::Transport& transport;  // must allow at least answer_bytes_max(order)
  const base::Secret& token;   // empty: none may be sent
  std::function<void(const Progress&)> on_progress;
};

// The response size that a transport must allow so that limits.pack_bytes_max is the effective
// limit.
[[nodiscard]] std::uint64_t answer_bytes_max(const FetchOrder& order);

// Fetches the commit and all its trees into a repository of their own. Returns nothing when the
// server declines: then everything has to be fetched. Throws what clone.hpp says.
[[nodiscard]] std::optional<FetchedTip> fetch_trees(const PartialFetch& fetch,
                                                    const std::string& branch,
                                                    const CommitId& commit);

// Fetches the commits before order.commit, and their trees, into a repository of their own: those
// since order.history_since, if that is set. Throws what clone.hpp says, and Error(unavailable,
// "history_declined") when the server does not provide that.
[[nodiscard]] FetchedTip fetch_history(const PartialFetch& fetch);

// Fetches order.blobs into the repository order.directory. Throws what clone.hpp says, and
// Error(unavailable, "blobs_declined") when the server does not provide them by their ids.
[[nodiscard]] FetchedBlobs fetch_blobs(const PartialFetch& fetch);

}  // namespace devy::git
