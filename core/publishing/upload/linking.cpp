#include "core/publishing/upload/linking.hpp"

#include <algorithm>
#include <set>
#include <span>
#include <unordered_set>

#include "core/publishing/post/slug.hpp"

namespace devy::upload {
namespace {

using markdown::FileLink;
using plan::TreePlace;

std::optional<git::TreeFile> find_in(const git::Clone& clone, const std::string& path,
                                     bool& is_too_large) {
  try {
    return clone.find(path);
  } catch (const base::Error& error) {
    if (error.code() != "tree_too_large") throw;
    is_too_large = true;
    return std::nullopt;
  }
}

// With its place in the file; nothing where the front matter names no file of the repository.
std::optional<plan::Cover> cover_of(const post::Document& document, const std::string& path) {
  if (!document.cover) return std::nullopt;
  auto cover = plan::cover_target(*document.cover, path);
  if (!cover) return std::nullopt;
  cover->line = document.cover_line;
  cover->column = document.cover_column;
  return cover;
}

TreePlace place_in(const git::Clone& clone, const std::string& path) {
  bool is_too_large = false;
  const auto found = find_in(clone, path, is_too_large);
  if (is_too_large) return {TreePlace::Kind::unreadable, {}};
  if (!found) return {};
  switch (found->kind) {
    case git::FileKind::regular: return {TreePlace::Kind::file, found->blob};
    case git::FileKind::symlink: return {TreePlace::Kind::symlink, {}};
    case git::FileKind::submodule: return {TreePlace::Kind::submodule, {}};
    case git::FileKind::folder: return {TreePlace::Kind::folder, {}};
  }
  return {};
}

plan::LinkSettings link_settings(const Tree& tree) {
  return {tree.settings.root, tree.settings.static_folders};
}

}  // namespace

Linking::Linking(const config::Config& config, const git::Clone& clone, LinkInput input,
                 AssetCalls assets)
    : clone_(clone),
      input_(std::move(input)),
      assets_(clone, config.limits, std::move(assets)),
      fragments_(input_.plan, input_.rendering.spool, std::move(input_.anchors)),
      places_(plan::places_after(input_.posts, input_.plan)),
      resolver_(input_.blog, places_, link_settings(input_.tree), sources()),
      others_(config.runtime_directory),
      digest_(plan::link_digest(
          input_.blog,
          input_.tree.files_digest + ' ' + std::to_string(config.limits.asset_bytes_max),
          link_settings(input_.tree), places_)) {}

plan::LinkSources Linking::sources() {
  return {[this](const std::string& path, const std::string& fragment) {
            return fragments_.find(path, fragment);
          },
          [this](const std::string& path) { return place_in(clone_, path); },
          [this](const std::string& path, const snapshot::BlobId& blob) {
            return assets_.answer(path, blob);
          }};
}

void Linking::warn(const std::string& path, const FileLink& link, const std::string& problem) {
  if (warnings_.size() < link_warnings_max)
    warnings_.push_back({path, link.line, link.column, problem});
}

// Prefetches the files that the fetch has omitted, all together.
void Linking::bring_files(const post::Document& document) {
  if (!clone_.is_partial()) return;
  std::vector<snapshot::BlobId> blobs;
  const auto add = [&](const std::string& path) {
    const auto place = place_in(clone_, path);
    if (place.kind == TreePlace::Kind::file) blobs.push_back(place.blob);
    return place.kind != TreePlace::Kind::nothing;
  };
  const auto count = std::min(document.links.size(), plan::links_max);
  for (const auto& link : std::span(document.links).first(count)) {
    if (link.target.empty() || post::is_markdown_path(link.target)) continue;
    if (add(link.target) || !link.is_rooted) continue;
    for (const auto& folder : input_.tree.settings.static_folders)
      add(folder + "/" + link.target);
  }
  assets_.prefetch(blobs);
}

void Linking::resolve_document(const post::Document& document, const std::string& path) {
  bring_files(document);
  const auto count = std::min(document.links.size(), plan::links_max);
  const auto links = std::span(document.links).first(count);
  note_fragments(links);
  fragments_.load();
  for (const auto& link : links)
    if (const auto resolution = resolver_.resolve(link); !resolution.problem.empty())
      warn(path, link, resolution.problem);
  if (count < document.links.size())
    warn(path, document.links[count],
         "more than " + std::to_string(plan::links_max) +
             " links to files of the repository: this one and those behind it lead nowhere");
  const auto cover = cover_of(document, path);
  if (!cover) return;
  const auto link = plan::link_of(*cover);
  const auto resolution = resolver_.resolve(link);
  if (!resolution.url) warn(path, link, "cover: " + resolution.problem);
}

// Asking is enough: what is not known yet is noted.
void Linking::note_fragments(std::span<const FileLink> links) const {
  for (const auto& link : links)
    if (!link.fragment.empty() && link.use == FileLink::Use::page)
      static_cast<void>(resolver_.resolve(link));
}

void Linking::resolve_written() {
  for (const auto& write : input_.plan.writes) {
    if (!write.has_links) continue;
    if (input_.check) input_.check();
    resolve_document(input_.rendering.spool.read(write.document), write.path);
  }
}

void Linking::resolve_others(pg::Connection& connection, const base::BlogId& blog) {
  has_looked_at_others_ = true;
  resolve_pages(connection, [&](const std::string& after) {
    return publishing::linked_posts(connection, blog, after);
  });
}

void Linking::resolve_places(pg::Connection& connection, const base::BlogId& blog) {
  const auto paths = posts_with_other_anchors(connection, blog);
  if (paths.empty()) return;
  resolve_pages(connection, [&](const std::string& after) {
    return publishing::posts_linking_places(connection, blog, paths, after);
  });
}

std::vector<std::string> Linking::posts_with_other_anchors(pg::Connection& connection,
                                                           const base::BlogId& blog) {
  std::vector<std::string> written;
  for (const auto& write : input_.plan.writes)
    if (write.post) written.push_back(write.path);
  std::vector<std::string> changed;
  if (written.empty()) return changed;
  for (const auto& before : publishing::linked_anchors(connection, blog, written)) {
    const auto* after = fragments_.written(before.path);
    if (after != nullptr && *after != to_set(before.anchors)) changed.push_back(before.path);
  }
  return changed;
}

void Linking::resolve_pages(pg::Connection& connection, const NextPosts& next_posts) {
  std::unordered_set<std::string_view> settled;
  for (const auto& post : input_.plan.deletes)
    settled.insert(post.text());
  for (const auto& write : input_.plan.writes)
    if (write.post) settled.insert(write.post->text());
  std::string after;
  for (;;) {
    if (input_.check) input_.check();
    auto posts = next_posts(after);
    if (posts.empty()) return;
    after = posts.back().path;
    std::erase_if(posts, [&](const auto& post) { return settled.contains(post.id.text()); });
    resolve_page(connection, posts);
  }
}

void Linking::resolve_page(pg::Connection& connection,
                           const std::vector<publishing::LinkedPost>& posts) {
  std::vector<std::optional<plan::PostLinks>> links;
  for (const auto& post : posts) {
    links.push_back(read_links(post));
    if (!links.back()) continue;
    for (const auto& [link, url] : links.back()->links)
      note_fragments(std::span(&link, 1));
  }
  fragments_.load();
  for (std::size_t i = 0; i < posts.size(); ++i)
    if (links[i]) resolve_other(connection, posts[i], *links[i]);
}

std::optional<plan::PostLinks> Linking::read_links(const publishing::LinkedPost& post) {
  try {
    return publishing::post_links(post);
  } catch (const base::Error& error) {
    give_up(post, error);
    return std::nullopt;
  }
}

void Linking::give_up(const publishing::LinkedPost& post, const base::Error& error) {
  if (error.kind() != base::ErrorKind::internal) throw error;
  is_complete_ = false;
  warn(post.path, {}, "its links were not brought up to date: " + error.text());
}

void Linking::resolve_other(pg::Connection& connection, const publishing::LinkedPost& post,
                            const plan::PostLinks& before) {
  try {
    const plan::Resolve resolver = [this](const FileLink& link) { return resolver_.resolve(link); };
    if (plan::still_hold(before, resolver)) return;
    post::Document document;
    document.html = plan::empty_places(publishing::post_html(connection, post.id), before);
    for (const auto& [link, url] : before.links) {
      document.links.push_back(link);
      const auto resolution = resolver_.resolve(link);
      // A link that led nowhere before was reported when the post was written.
      if (url && url != resolution.url && !resolution.problem.empty())
        warn(post.path, link, resolution.problem);
    }
    Relink relink{post.id, post.path, before.cover, others_.append(document)};
    if (before.cover) {
      const auto link = plan::link_of(*before.cover);
      const auto resolution = resolver_.resolve(link);
      if (before.cover->url && !resolution.url)
        warn(post.path, link, "cover: " + resolution.problem);
    }
    relinks_.push_back(std::move(relink));
  } catch (const base::Error& error) {
    give_up(post, error);
  }
}

void Linking::fill_cover(plan::Cover cover, plan::PostLinks& links) const {
  auto resolution = resolver_.resolve(plan::link_of(cover));
  cover.url = std::move(resolution.url);
  if (!resolution.asset.empty()) links.assets.push_back(std::move(resolution.asset));
  links.cover = std::move(cover);
}

plan::PostLinks Linking::fill(post::Document& document, const std::string& path) const {
  auto links = plan::fill_places(document.html, document.links,
                                 [this](const FileLink& link) { return resolver_.resolve(link); });
  if (auto cover = cover_of(document, path)) {
    fill_cover(std::move(*cover), links);
    document.cover = links.cover->url;
  }
  return links;
}

plan::PostLinks Linking::fill(post::Document& document, const Relink& relink) const {
  auto links = fill(document, relink.path);
  if (relink.cover) fill_cover(*relink.cover, links);
  return links;
}

std::vector<std::string> Linking::asset_paths(const plan::PostLinks& links) {
  const std::set<std::string> paths(links.assets.begin(), links.assets.end());
  return {paths.begin(), paths.end()};
}

}  // namespace devy::upload
