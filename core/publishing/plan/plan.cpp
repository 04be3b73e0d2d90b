#include "core/publishing/plan/plan.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "core/platform/base/error.hpp"
#include "core/publishing/post/slug.hpp"

namespace devy::plan {
namespace {

using snapshot::Change;
using snapshot::ChangeKind;

// One changed file on its way to a slug.
struct Candidate {
  const Change* change = nullptr;
  const RenderedFile* rendered = nullptr;
  const KnownPost* known = nullptr;  // the post it updates or renames
  std::string wanted;
  std::optional<snapshot::FileError> error;
};

std::string under_root(const std::string& path, const std::string& root) {
  if (root == "." || root.empty()) return path;
  return path.substr(std::min(path.size(), root.size() + 1));
}

// The slug allocator. Every slug has at most one owner. A candidate that loses a slug, but has a
// post, falls back to the slug of that post, and displaces a candidate that had just been given it.
// Each candidate is displaced at most once, so the work is linear.
class SlugAllocator {
 public:
  void reserve(const std::string& slug, const std::string& path) {
    owners_[slug] = {path, nullptr};
  }

  void place(Candidate& candidate) {
    const auto [owner, is_free] =
        owners_.try_emplace(candidate.wanted, Owner{candidate.change->path, &candidate});
    if (!is_free) displace(candidate, owner->second.path);
  }

 private:
  struct Owner {
    std::string path;
    Candidate* candidate = nullptr;  // null: not up for change
  };

  void displace(Candidate& first, std::string winner) {
    Candidate* loser = &first;
    while (loser != nullptr) {
      loser->error =
          snapshot::FileError{loser->change->path, 0, 0,
                              "slug '" + loser->wanted + "' is already taken by '" + winner + "'"};
      if (loser->known == nullptr) return;
      auto& owner = owners_[loser->known->slug];
      Candidate* displaced = owner.candidate;
      winner = loser->change->path;
      owner = {loser->change->path, nullptr};
      loser = displaced;
    }
  }

  std::unordered_map<std::string, Owner> owners_;
};

std::vector<Candidate> candidates_of(
    const snapshot::Changeset& changeset, const std::string& root,
    const std::vector<RenderedFile>& rendered,
    const std::unordered_map<std::string, const KnownPost*>& known) {
  std::vector<Candidate> candidates;
  std::size_t next = 0;
  for (const auto& change : changeset.changes) {
    if (change.kind == ChangeKind::deleted) continue;
    if (next >= rendered.size() || rendered[next].path != change.path)
      throw base::Error(base::ErrorKind::internal,
                        "unable to plan a publish: '" + change.path + "' was not rendered");
    Candidate candidate{&change, &rendered[next++], nullptr, {}, {}};
    const auto found = known.find(change.kind == ChangeKind::renamed ? change.from : change.path);
    if (found != known.end()) candidate.known = found->second;
    candidate.error = candidate.rendered->error;
    candidate.wanted = candidate.rendered->slug
                           ? *candidate.rendered->slug
                           : post::slug_from_path(under_root(change.path, root));
    candidates.push_back(std::move(candidate));
  }
  return candidates;
}

void assign_slugs(std::vector<Candidate>& candidates, const std::vector<KnownPost>& known,
                  const std::unordered_set<std::string>& changed_paths) {
  SlugAllocator allocator;
  for (const auto& post : known)
    if (!changed_paths.contains(post.path)) allocator.reserve(post.slug, post.path);
  for (const auto& candidate : candidates)
    if (candidate.error && candidate.known != nullptr)
      allocator.reserve(candidate.known->slug, candidate.change->path);
  // A post that had the slug keeps it; the others follow by path.
  for (const bool keeps_own : {true, false})
    for (auto& candidate : candidates)
      if (!candidate.error &&
          (candidate.known != nullptr && candidate.known->slug == candidate.wanted) == keeps_own)
        allocator.place(candidate);
}

void add(PublishPlan& result, const Candidate& candidate) {
  const auto& change = *candidate.change;
  if (candidate.error) {
    result.problems.push_back({*candidate.error, change.blob});
    if (candidate.known != nullptr && change.kind == ChangeKind::renamed)
      result.relocations.push_back({candidate.known->id, change.path});
    return;
  }
  Write write{change.kind,
              change.path,
              candidate.wanted,
              change.blob,
              candidate.rendered->document,
              std::nullopt,
              std::nullopt,
              candidate.rendered->has_links,
              false,
              candidate.rendered->file_bytes,
              candidate.rendered->has_date};
  if (candidate.known != nullptr) {
    write.post = candidate.known->id;
    write.had_links = candidate.known->has_links;
    if (candidate.known->slug != candidate.wanted) write.old_slug = candidate.known->slug;
  } else {
    write.kind = ChangeKind::created;
  }
  result.writes.push_back(std::move(write));
}

}  // namespace

PublishPlan plan(const snapshot::Changeset& changeset, const std::string& root,
                 const std::vector<RenderedFile>& rendered, const std::vector<KnownPost>& known) {
  std::unordered_map<std::string, const KnownPost*> known_by_path;
  for (const auto& post : known)
    known_by_path.emplace(post.path, &post);
  std::unordered_set<std::string> changed_paths;
  PublishPlan result;
  result.unchanged = changeset.unchanged;
  for (const auto& change : changeset.changes) {
    changed_paths.insert(change.kind == ChangeKind::renamed ? change.from : change.path);
    if (change.kind != ChangeKind::deleted) continue;
    const auto found = known_by_path.find(change.path);
    if (found != known_by_path.end()) result.deletes.push_back(found->second->id);
  }
  auto candidates = candidates_of(changeset, root, rendered, known_by_path);
  assign_slugs(candidates, known, changed_paths);
  for (const auto& candidate : candidates)
    add(result, candidate);
  return result;
}

}  // namespace devy::plan
