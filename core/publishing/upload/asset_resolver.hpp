#pragma once
// Resolves the files that posts refer to, to contents. A file whose blob the blog already knows is
// neither read nor stored again; the size of any other is checked first, then it is read, digested
// and stored, one file at a time. Owned by one attempt; one thread.

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/platform/config/config.hpp"
#include "core/platform/git/clone.hpp"
#include "core/publishing/plan/link_resolver.hpp"
#include "core/publishing/store/asset_store.hpp"

namespace devy::upload {

struct AssetCalls {
  // Returns the assets that the blog has. Called once, for the first asset. May be empty.
  std::function<std::vector<publishing::BlogAsset>()> known;
  // Stores a content. When empty, nothing is read or stored, and placeholder digests are used.
  std::function<void(const base::Sha256& sha256, std::string_view bytes)> keep;
};

class AssetResolver {
 public:
  // Borrows `clone` and `limits`.
  AssetResolver(const git::Clone& clone, const config::Limits& limits, AssetCalls calls)
      : clone_(clone), limits_(limits), calls_(std::move(calls)) {}
  // Prefetches those of these blobs that answer() would have to read.
  void prefetch(const std::vector<snapshot::BlobId>& blobs);
  // The answer is remembered by path: a second call reads and stores nothing.
  plan::AssetAnswer answer(const std::string& path, const snapshot::BlobId& blob);
  // Returns the assets asked for that the blog does not have yet, or has with another content.
  [[nodiscard]] std::vector<publishing::BlogAsset> new_assets() const;
  // False when limits.assets_bytes_max was reached; the next upload then does the rest.
  [[nodiscard]] bool is_complete() const { return is_complete_; }

 private:
  struct Answer {
    snapshot::BlobId blob;
    plan::AssetAnswer asset;
  };
  void load_known();
  plan::AssetAnswer store_content(const snapshot::BlobId& blob);

  const git::Clone& clone_;
  const config::Limits& limits_;
  AssetCalls calls_;
  bool is_loaded_ = false, is_complete_ = true;
  std::uint64_t read_bytes_ = 0;
  std::unordered_map<std::string, snapshot::BlobId> known_paths_;
  std::unordered_map<snapshot::BlobId, base::Sha256> contents_;
  std::unordered_map<std::string, Answer> answers_;
};

}  // namespace devy::upload
