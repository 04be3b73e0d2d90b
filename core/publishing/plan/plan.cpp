#include "core/publishing/plan/plan.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "core/platform/base/error.hpp"
#include "core/publishing/plan/slug_allocator.hpp"
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
  std::string slug, basis;
};

std::vector<Candidate> candidates_of(
    const snapshot::Changeset& changeset, const std::vector<RenderedFile>& rendered,
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
    candidates.push_back(std::move(candidate));
  }
  return candidates;
}

// The same file at the same path asks for what it asked for, also where no basis is stored yet.
bool keeps_slug(const Candidate& candidate) {
  if (candidate.known == nullptr) return false;
  const auto& known = *candidate.known;
  if (known.slug_basis) return *known.slug_basis == candidate.basis;
  return known.blob == candidate.change->blob && known.path == candidate.change->path;
}

SlugWish wish_of(Candidate& candidate, const std::string& root) {
  const auto& file = *candidate.rendered;
  SlugWish wish;
  wish.path = file.path;
  wish.path_under_root = under_root(file.path, root);
  wish.written = post::written_slug(wish.path_under_root, file.slug, file.permalink);
  candidate.basis = slug_basis(wish.path_under_root, file.slug, file.permalink);
  if (candidate.known != nullptr) wish.had = candidate.known->slug;
  wish.keeps = keeps_slug(candidate);
  return wish;
}

void assign_slugs(std::vector<Candidate>& candidates, const std::string& root,
                  const std::vector<KnownPost>& known,
                  const std::unordered_set<std::string>& changed_paths, PublishPlan& result) {
  TakenSlugs taken;
  for (const auto& post : known)
    if (!changed_paths.contains(post.path)) taken.emplace(post.slug, post.path);
  std::vector<SlugWish> wishes;
  std::vector<Candidate*> wishing;
  for (auto& candidate : candidates) {
    if (!candidate.rendered->error) {
      wishes.push_back(wish_of(candidate, root));
      wishing.push_back(&candidate);
    } else if (candidate.known != nullptr) {
      taken.emplace(candidate.known->slug, candidate.change->path);
    }
  }
  auto given = give_slugs(wishes, std::move(taken));
  for (std::size_t i = 0; i < given.size(); ++i) {
    const auto& file = *wishing[i]->rendered;
    wishing[i]->slug = std::move(given[i].slug);
    if (given[i].taken_by)
      result.warnings.push_back({file.path, file.slug_line, file.slug_column,
                                 "slug '" + *wishes[i].written + "' is already taken by '" +
                                     *given[i].taken_by + "'; this post is published as '" +
                                     wishing[i]->slug + "'"});
  }
}

void add(PublishPlan& result, const Candidate& candidate) {
  const auto& change = *candidate.change;
  if (candidate.rendered->error) {
    result.problems.push_back({*candidate.rendered->error, change.blob});
    if (candidate.known != nullptr && change.kind == ChangeKind::renamed)
      result.relocations.push_back({candidate.known->id, change.path});
    return;
  }
  Write write{change.kind,
              change.path,
              candidate.slug,
              change.blob,
              candidate.rendered->document,
              std::nullopt,
              std::nullopt,
              candidate.rendered->has_links,
              false,
              candidate.rendered->file_bytes,
              candidate.basis,
              candidate.rendered->aliases,
              candidate.rendered->has_date};
  if (candidate.known != nullptr) {
    write.post = candidate.known->id;
    write.had_links = candidate.known->has_links;
    if (candidate.known->slug != candidate.slug) write.old_slug = candidate.known->slug;
  } else {
    write.kind = ChangeKind::created;
  }
  result.writes.push_back(std::move(write));
}

}  // namespace

std::string under_root(const std::string& path, const std::string& root) {
  if (root == "." || root.empty()) return path;
  return path.substr(std::min(path.size(), root.size() + 1));
}

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
  auto candidates = candidates_of(changeset, rendered, known_by_path);
  assign_slugs(candidates, root, known, changed_paths, result);
  for (const auto& candidate : candidates)
    add(result, candidate);
  return result;
}

}  // namespace devy::plan
