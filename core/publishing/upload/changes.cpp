#include "core/publishing/upload/changes.hpp"

#include <algorithm>
#include <unordered_map>

#include "core/platform/git/similarity.hpp"
#include "core/publishing/plan/slug_allocator.hpp"
#include "core/publishing/store/altered_store.hpp"
#include "core/publishing/store/publish_store.hpp"
#include "core/publishing/store/slug_store.hpp"

namespace devy::upload {
namespace {

using snapshot::ChangeKind;

// The text after a front-matter block. The database keeps bodies only, so like is compared to like;
// a block that does not parse is no matter here.
std::string_view body_of(std::string_view text) {
  for (const std::string_view fence : {"---", "+++"}) {
    if (!text.starts_with(fence)) continue;
    const auto close = text.find("\n" + std::string(fence), fence.size());
    if (close == std::string_view::npos) return text;
    const auto line_end = text.find('\n', close + 1);
    return line_end == std::string_view::npos ? std::string_view() : text.substr(line_end + 1);
  }
  return text;
}

std::vector<std::string> paths_of(const snapshot::Changeset& changeset, ChangeKind kind) {
  std::vector<std::string> paths;
  for (const auto& change : changeset.changes)
    if (change.kind == kind) paths.push_back(change.path);
  return paths;
}

void pair_moved_and_edited(pg::Connection& connection, const base::BlogId& blog,
                           const git::Clone& clone, const config::Limits& limits,
                           snapshot::Changeset& changeset) {
  const auto deleted_paths = paths_of(changeset, ChangeKind::deleted);
  const auto created_count = changeset.count(ChangeKind::created);
  if (deleted_paths.empty() || created_count == 0) return;
  if (deleted_paths.size() + created_count > similarity_candidates_max) return;
  std::vector<git::Candidate> deleted;
  for (auto& text : publishing::post_texts(connection, blog, deleted_paths))
    deleted.push_back({std::move(text.path), std::move(text.markdown)});
  std::vector<git::Candidate> created;
  for (const auto& change : changeset.changes) {
    if (change.kind != ChangeKind::created) continue;
    if (clone.blob_bytes(change.blob) > limits.markdown_file_bytes_max) continue;
    const auto text = clone.read_blob(change.blob, limits.markdown_file_bytes_max);
    created.push_back({change.path, std::string(body_of(text))});
  }
  std::vector<std::pair<std::string, std::string>> pairs;
  for (auto& pair : git::find_similar(deleted, created))
    pairs.emplace_back(std::move(pair.from), std::move(pair.to));
  snapshot::pair_similar(changeset, pairs);
}

}  // namespace

snapshot::Snapshot BlogState::snapshot() const {
  snapshot::Snapshot result;
  result.entries.reserve(posts.size());
  for (const auto& post : posts) {
    // No tree has an empty origin: a file in error is tried again by every upload. Its own blob
    // is what it is known by when it moves.
    if (post.failed_blob) result.entries.push_back({post.path, *post.failed_blob, ""});
    else result.entries.push_back({post.path, post.blob, post.origin});
  }
  result.seal();
  return result;
}

KnownBlobs BlogState::blobs() const {
  KnownBlobs known;
  known.reserve(posts.size());
  for (const auto& post : posts)
    known.emplace(post.blob, post.file_bytes);
  return known;
}

BlogState read_blog(pg::Connection& connection, const base::BlogId& blog) {
  return {publishing::known_posts(connection, blog)};
}

void distrust_altered(pg::Connection& connection, const base::BlogId& blog, BlogState& state) {
  std::unordered_map<std::string, std::optional<std::string>> slugs;  // by path
  for (auto& altered : publishing::altered_posts(connection, blog))
    slugs.emplace(std::move(altered.path), std::move(altered.slug));
  for (auto& post : state.posts) {
    const auto found = slugs.find(post.path);
    if (found == slugs.end()) continue;
    post.origin.clear();
    if (found->second) post.slug = *found->second;
  }
}

void find_slug_bases(pg::Connection& connection, const base::BlogId& blog,
                     const snapshot::Changeset& changeset, const RootChange& root,
                     BlogState& state) {
  std::unordered_map<std::string, plan::KnownPost*> without;
  for (auto& post : state.posts)
    if (!post.slug_basis) without.emplace(post.path, &post);
  if (without.empty()) return;
  std::vector<std::string> paths;
  for (const auto& change : changeset.changes) {
    if (change.kind != ChangeKind::updated) continue;
    const auto found = without.find(change.path);
    if (found == without.end()) continue;
    if (change.blob != found->second->blob || root.before != root.after)
      paths.push_back(change.path);
  }
  const auto words = publishing::slug_words(connection, blog, paths);
  for (const auto& path : paths) {
    const auto found = words.find(path);
    const auto said = found == words.end() ? publishing::SlugWords{} : found->second;
    without.at(path)->slug_basis =
        plan::slug_basis(plan::under_root(path, root.before), said.slug, said.permalink);
  }
}

snapshot::Changeset find_changes(pg::Connection& connection, const base::BlogId& blog,
                                 const git::Clone& clone, const config::Limits& limits,
                                 const BlogState& state, const Tree& tree) {
  auto changeset = snapshot::difference(state.snapshot(), tree.snapshot);
  pair_moved_and_edited(connection, blog, clone, limits, changeset);
  return changeset;
}

}  // namespace devy::upload
