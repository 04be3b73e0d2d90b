#pragma once
// The parent's side of a fetch: it decides which address is fetched and whether the token is sent,
// monitors the child that fetches, and kills it when it stalls, takes too long, or is no longer
// wanted.

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string>

#include "core/platform/base/clock.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/git/clone.hpp"
#include "core/platform/git/fetch_message.hpp"
#include "core/platform/process/child.hpp"

namespace devy::git {

struct FetchResult {
  Tip tip;
  std::string repository;   // path below `directory`; empty: nothing was fetched
  bool is_partial = false;  // fetched without its blobs, which run_blobs() fetches
  bool has_shown_token = false;
  std::uint64_t received_bytes = 0;
};

// The child process, when it outlives a request. One thread: the child dies with that thread.
struct KeptChild {
  std::optional<process::Child> child;
  int orders = 0;  // number of orders it has had
};

// With an empty `directory` only the tip is asked for, and `kept` may then be reused. Throws what
// clone.hpp says.
[[nodiscard]] FetchResult run_fetch(const config::Config& config, const FetchRequest& request,
                                    const std::string& directory, const OnProgress& on_progress,
                                    const std::stop_token& stop, KeptChild& kept);

struct BlobRequest {
  std::string url;         // that of the tip
  std::string repository;  // that of the result
  std::span<const BlobId> blobs;
  bool has_shown_token = false;
  std::uint64_t bytes_max = 0;  // limit for all packs together
  TokenSource tokens = {};
  std::optional<std::int64_t> github_id = {};
};

// Fetches blobs that a partial fetch has omitted; returns the bytes received. Throws what clone.hpp
// says, and Error(unavailable, "blobs_declined"). After an error `kept` is empty.
std::uint64_t run_blobs(const config::Config& config, const BlobRequest& request,
                        const std::stop_token& stop, KeptChild& kept);

struct HistoryRequest {
  std::string url;  // that of the tip
  CommitId commit;
  std::optional<std::int64_t> since = {};  // seconds since 1970
  std::string directory;                   // the clone's
  bool has_shown_token = false;
  base::MonotonicTime ends_at;
  TokenSource tokens = {};
  std::optional<std::int64_t> github_id = {};
};

// Fetches commits and trees without contents; returns the path of their repository. Throws what
// clone.hpp says, and Error(unavailable, "history_declined").
[[nodiscard]] std::string run_history(const config::Config& config, const HistoryRequest& request,
                                      const OnProgress& on_progress, const std::stop_token& stop);

}  // namespace devy::git
