#pragma once
// Fetches the blobs that a partial fetch has omitted, from the same remote. When the server does
// not provide them by their ids, or no longer does, the whole commit is fetched instead. Owned by
// one Clone, whose child process it keeps; one thread; move-only.

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string>

#include "core/platform/git/fetch_process.hpp"
#include "core/platform/git/object_store.hpp"

namespace devy::git {

class BlobSource {
 public:
  // `request` is the one that was fetched; `folder` is the Clone's. The child is the one that
  // fetched; it may be dead.
  BlobSource(const config::Config& config, FetchResult fetched, const FetchRequest& request,
             std::string folder, std::stop_token stop, KeptChild child);

  // Prefetches those of `blobs` that `store` lacks. Throws what Clone::fetch() throws. Replaces
  // `store` when it fetched the whole commit.
  void prefetch(ObjectStore& store, std::span<const BlobId> blobs);
  [[nodiscard]] std::uint64_t received_bytes() const { return received_bytes_; }

 private:
  void fetch_whole(ObjectStore& store);

  config::Config config_;
  FetchResult fetched_;
  TokenSource tokens_;
  std::optional<std::int64_t> github_id_;
  std::string folder_;
  std::stop_token stop_;
  KeptChild child_;
  bool is_whole_ = false;
  std::uint64_t received_bytes_ = 0;
};

}  // namespace devy::git
