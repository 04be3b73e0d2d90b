#include "core/publishing/upload/fragment_resolver.hpp"

namespace devy::upload {
namespace {

// Limit for the anchors of posts that are kept in memory: many links name the same few posts.
constexpr std::size_t anchors_kept_max = 100'000;

}  // namespace

FragmentResolver::Known to_set(const std::optional<std::vector<std::string>>& ids) {
  if (!ids) return std::nullopt;
  return markdown::Anchors(ids->begin(), ids->end());
}

std::optional<std::string> FragmentResolver::find(const std::string& path,
                                                  const std::string& fragment) {
  const auto found = found_.find(path + '#' + fragment);
  if (found != found_.end()) return found->second;
  if (found_.size() < fragments_max) wanted_[path].insert(fragment);
  return "";
}

const FragmentResolver::Known* FragmentResolver::written(const std::string& path) {
  if (!document_of_) {
    document_of_.emplace();
    for (const auto& write : plan_.writes)
      document_of_->emplace(write.path, write.document);
  }
  const auto document = document_of_->find(path);
  if (document == document_of_->end()) return nullptr;
  const auto known = read_.find(path);
  if (known != read_.end()) return &known->second;
  auto anchors = to_set(documents_.read(document->second).anchors);
  if (anchors) kept_ += anchors->size();
  if (kept_ > anchors_kept_max) {
    read_.clear();
    kept_ = anchors ? anchors->size() : 0;
  }
  return &read_.emplace(path, std::move(anchors)).first->second;
}

void FragmentResolver::load() {
  std::vector<std::string> others;
  for (const auto& [path, fragments] : wanted_) {
    const auto* anchors = written(path);
    if (anchors == nullptr) others.push_back(path);
    else settle(path, fragments, *anchors);
  }
  if (!others.empty() && stored_) {
    for (const auto& post : stored_(others)) {
      settle(post.path, wanted_.at(post.path), to_set(post.anchors));
      wanted_.erase(post.path);
    }
  }
  for (const auto& [path, fragments] : wanted_)
    if (found_.find(path + '#' + *fragments.begin()) == found_.end())
      settle(path, fragments, std::nullopt);
  wanted_.clear();
}

void FragmentResolver::settle(const std::string& path, const std::set<std::string>& fragments,
                              const Known& anchors) {
  for (const auto& fragment : fragments)
    found_[path + '#' + fragment] =
        anchors ? markdown::find_anchor(*anchors, fragment) : std::optional<std::string>("");
}

}  // namespace devy::upload
