#include "core/platform/git/blob_source.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/platform/base/log.hpp"

namespace devy::git {

BlobSource::BlobSource(const config::Config& config, FetchResult fetched,
                       const FetchRequest& request, std::string folder, std::stop_token stop,
                       KeptChild child)
    : config_(config),
      fetched_(std::move(fetched)),
      tokens_(request.tokens),
      github_id_(request.github_id),
      folder_(std::move(folder)),
      stop_(std::move(stop)),
      child_(std::move(child)) {}

void BlobSource::prefetch(ObjectStore& store, std::span<const BlobId> blobs) {
  if (is_whole_) return;
  std::unordered_set<BlobId> seen;
  std::vector<BlobId> missing;
  for (const auto& blob : blobs)
    if (!store.has(blob) && seen.insert(blob).second) missing.push_back(blob);
  if (missing.empty()) return;
  const auto limit = config_.limits.pack_bytes_max;
  const auto received = fetched_.received_bytes + received_bytes_;
  try {
    received_bytes_ +=
        run_blobs(config_,
                  {fetched_.tip.url, fetched_.repository, missing, fetched_.has_shown_token,
                   limit - std::min(limit, received), tokens_, github_id_},
                  stop_, child_);
    store.look_again();
  } catch (const base::Error& error) {
    // One by one they may be more than all of them packed together.
    if (error.code() != "blobs_declined" && error.code() != "pack_too_large") throw;
    base::log::warning("fetching every file",
                       {{"repository", fetched_.tip.url}, {"error", error.text()}});
    fetch_whole(store);
  }
}

void BlobSource::fetch_whole(ObjectStore& store) {
  FetchRequest request{fetched_.tip.url, fetched_.tip.branch};
  request.commit = fetched_.tip.commit;
  request.tokens = tokens_;
  request.github_id = github_id_;
  auto whole = run_fetch(config_, request, folder_, {}, stop_, child_);
  received_bytes_ += whole.received_bytes;
  store = ObjectStore(whole.repository, config_.limits);
  is_whole_ = true;
}

}  // namespace devy::git
