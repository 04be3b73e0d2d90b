#include "core/publishing/upload/asset_resolver.hpp"

#include <algorithm>
#include <utility>

#include "core/publishing/post/document.hpp"
#include "core/publishing/upload/tree.hpp"

namespace devy::upload {

using plan::AssetAnswer;
using snapshot::BlobId;

void AssetResolver::load_known() {
  if (std::exchange(is_loaded_, true) || !calls_.known) return;
  for (auto& asset : calls_.known()) {
    contents_.emplace(asset.blob, asset.sha256);
    known_paths_.emplace(std::move(asset.path), asset.blob);
  }
}

void AssetResolver::prefetch(const std::vector<BlobId>& blobs) {
  if (blobs.empty()) return;
  load_known();
  std::vector<BlobId> unknown;
  for (const auto& blob : blobs)
    if (!contents_.contains(blob)) unknown.push_back(blob);
  clone_.prefetch(unknown);
}

AssetAnswer AssetResolver::answer(const std::string& path, const BlobId& blob) {
  if (const auto found = answers_.find(path); found != answers_.end()) return found->second.asset;
  load_known();
  const auto known = contents_.find(blob);
  auto asset = known == contents_.end() ? store_content(blob) : AssetAnswer(known->second);
  answers_.emplace(path, Answer{blob, asset});
  return asset;
}

AssetAnswer AssetResolver::store_content(const BlobId& blob) {
  const auto bytes = clone_.blob_bytes(blob);
  if (bytes > limits_.asset_bytes_max)
    return "the file has " + std::to_string(bytes) + " bytes, more than the " +
           std::to_string(limits_.asset_bytes_max) + " that one may have";
  if (bytes <= lfs_pointer_bytes_max &&
      post::is_lfs_pointer(clone_.read_blob(blob, lfs_pointer_bytes_max)))
    return "a Git LFS pointer is not published: the file is not in the repository";
  if (!calls_.keep) return contents_.emplace(blob, base::sha256(blob.hex())).first->second;
  if (read_bytes_ + bytes > limits_.assets_bytes_max) {
    is_complete_ = false;
    return "more than " + std::to_string(limits_.assets_bytes_max) +
           " bytes of new files in one upload, the next one goes on";
  }
  read_bytes_ += bytes;
  const auto content = clone_.read_blob(blob, limits_.asset_bytes_max);
  const auto sha256 = base::sha256(content);
  calls_.keep(sha256, content);
  contents_.emplace(blob, sha256);
  return sha256;
}

std::vector<publishing::BlogAsset> AssetResolver::new_assets() const {
  std::vector<publishing::BlogAsset> assets;
  for (const auto& [path, answer] : answers_) {
    const auto* sha256 = std::get_if<base::Sha256>(&answer.asset);
    if (sha256 == nullptr) continue;
    const auto known = known_paths_.find(path);
    if (known == known_paths_.end() || known->second != answer.blob)
      assets.push_back({path, answer.blob, *sha256});
  }
  std::ranges::sort(assets, {}, &publishing::BlogAsset::path);
  return assets;
}

}  // namespace devy::upload
