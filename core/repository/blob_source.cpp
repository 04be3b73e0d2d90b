#include "core/repository/blob_source.hpp"

#include <unordered_set>
#include <utility>
#include <vector>

#include "core/base/log.hpp"

namespace devy::repository {

BlobSource::BlobSource(const config::Config& config, FetchResult fetched, TokenSource tokens,
                       std::string folder, std::stop_token stop, KeptChild child)
    : config_(config),
      fetched_(std::move(fetched)),
      tokens_(std::move(tokens)),
      folder_(std::move(folder)),
      stop_(std::move(stop)),
      child_(std::move(child)) {}

void BlobSource::bring(ObjectStore& store, std::span<const BlobId> blobs) {
  if (is_whole_) return;
  std::unordered_set<BlobId> seen;
  std::vector<BlobId> missing;
  for (const auto& blob : blobs)
    if (!store.has(blob) && seen.insert(blob).second) missing.push_back(blob);
  if (missing.empty()) return;
  try {
    received_bytes_ += run_blobs(
        config_,
        {fetched_.tip.url, fetched_.repository, missing, fetched_.has_shown_token, tokens_}, stop_,
        child_);
    store.look_again();
  } catch (const base::Error& error) {
    if (error.code() != "blobs_declined") throw;
    base::log::warning("fetching every file",
                       {{"repository", fetched_.tip.url}, {"error", error.text()}});
    fetch_whole(store);
  }
}

void BlobSource::fetch_whole(ObjectStore& store) {
  FetchRequest request{fetched_.tip.url, fetched_.tip.branch};
  request.commit = fetched_.tip.commit;
  request.tokens = tokens_;
  auto whole = run_fetch(config_, request, folder_, {}, stop_, child_);
  received_bytes_ += whole.received_bytes;
  store = ObjectStore(whole.repository, config_.limits);
  is_whole_ = true;
}

}  // namespace devy::repository
