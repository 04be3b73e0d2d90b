#pragma once
// Which content each file is that posts refer to. A file whose blob the blog knows already is
// neither read nor stored again; another is looked at (size first), read, digested and kept, one at
// a time. Owned by one attempt; one thread.

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/config/config.hpp"
#include "core/publish/link_resolver.hpp"
#include "core/repository/clone.hpp"
#include "core/store/asset_store.hpp"

namespace devy::upload {

struct AssetCalls {
  // What the blog has; called once, by the first asset. May be empty.
  std::function<std::vector<store::BlogAsset>()> known;
  // Stores a content. Empty: nothing is read and nothing kept, and digests are made up.
  std::function<void(const base::Sha256& sha256, std::string_view bytes)> keep;
};

class AssetShelf {
 public:
  // Borrows clone and limits.
  AssetShelf(const repository::Clone& clone, const config::Limits& limits, AssetCalls calls)
      : clone_(clone), limits_(limits), calls_(std::move(calls)) {}
  // Has those of them at hand that answer() would have to read.
  void bring(const std::vector<snapshot::BlobId>& blobs);
  // Remembered by path: asked again it reads and stores nothing.
  publish::AssetAnswer answer(const std::string& path, const snapshot::BlobId& blob);
  // Those asked for that the blog does not have like that yet.
  [[nodiscard]] std::vector<store::BlogAsset> news() const;
  // False: limits.assets_bytes_max was reached, and the next upload goes on.
  [[nodiscard]] bool is_complete() const { return is_complete_; }

 private:
  struct Answer {
    snapshot::BlobId blob;
    publish::AssetAnswer asset;
  };
  void load_known();
  publish::AssetAnswer take_in(const snapshot::BlobId& blob);

  const repository::Clone& clone_;
  const config::Limits& limits_;
  AssetCalls calls_;
  bool is_loaded_ = false, is_complete_ = true;
  std::uint64_t read_bytes_ = 0;
  std::unordered_map<std::string, snapshot::BlobId> known_paths_;
  std::unordered_map<snapshot::BlobId, base::Sha256> contents_;
  std::unordered_map<std::string, Answer> answers_;
};

}  // namespace devy::upload
