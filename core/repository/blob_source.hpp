#pragma once
// Brings the blobs that a partial fetch left out, from where its commit came from. A server that
// does not give them by their names, or no longer, is asked for the whole commit instead.
// Owned by one Clone, whose child it keeps; one thread; move-only.

#include <cstdint>
#include <span>
#include <stop_token>
#include <string>

#include "core/repository/fetch_process.hpp"
#include "core/repository/object_store.hpp"

namespace devy::repository {

class BlobSource {
 public:
  // `folder` is the Clone's. The child is the one that fetched, alive or not.
  BlobSource(const config::Config& config, FetchResult fetched, TokenSource tokens,
             std::string folder, std::stop_token stop, KeptChild child);

  // Those that `store` lacks. Throws as Clone::fetch(). Replaces `store` when it fetched all.
  void bring(ObjectStore& store, std::span<const BlobId> blobs);
  [[nodiscard]] std::uint64_t received_bytes() const { return received_bytes_; }

 private:
  void fetch_whole(ObjectStore& store);

  config::Config config_;
  FetchResult fetched_;
  TokenSource tokens_;
  std::string folder_;
  std::stop_token stop_;
  KeptChild child_;
  bool is_whole_ = false;
  std::uint64_t received_bytes_ = 0;
};

}  // namespace devy::repository
