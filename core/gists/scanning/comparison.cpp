#include "core/gists/scanning/comparison.hpp"

#include <algorithm>
#include <map>
#include <string_view>

namespace devy::scanning {

Comparison compare(const gists::KnownGist* known, const std::vector<ListedFile>& files) {
  Comparison result;
  std::map<std::string_view, const gists::KnownFile*> left;
  if (known != nullptr)
    for (const auto& file : known->files)
      left.emplace(file.filename, &file);
  std::vector<std::size_t> added;
  for (std::size_t place = 0; place < files.size(); ++place) {
    const auto found = left.find(files[place].filename);
    if (found == left.end()) {
      added.push_back(place);
      continue;
    }
    auto& places = found->second->blob == files[place].blob ? result.same : result.changed;
    places.push_back({place, found->second->id});
    left.erase(found);
  }
  for (const auto place : added) {
    const auto same = std::ranges::find_if(
        left, [&](const auto& one) { return one.second->blob == files[place].blob; });
    if (same == left.end()) {
      result.added.push_back(place);
      continue;
    }
    result.renamed.push_back({place, same->second->id});
    left.erase(same);
  }
  for (const auto& [name, file] : left)
    result.removed.push_back(file->id);
  return result;
}

bool is_unchanged(const gists::KnownGist* known, const ListedGist& listed) {
  if (known == nullptr || known->is_gone) return false;
  const bool has_blobs =
      std::ranges::all_of(listed.files, [](const auto& file) { return !file.blob.empty(); });
  // The list does not show everything, so only the time tells.
  if (listed.is_truncated || !has_blobs) return known->updated_at == listed.updated_at;
  const auto found = compare(known, listed.files);
  return found.added.empty() && found.changed.empty() && found.renamed.empty() &&
         found.removed.empty();
}

}  // namespace devy::scanning
