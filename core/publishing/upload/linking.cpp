#include "core/publishing/upload/linking.hpp"

#include <algorithm>
#include <set>
#include <span>
#include <unordered_set>

#include "core/platform/base/error.hpp"
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

}  // namespace

Linking::Linking(const config::Config& config, const git::Clone& clone, LinkInput input,
                 AssetCalls assets)
    : clone_(clone),
      input_(std::move(input)),
      assets_(clone, config.limits, std::move(assets)),
      places_(plan::places_after(input_.posts, input_.plan)),
      resolver_(input_.blog, places_,
                {[&clone](const std::string& path) { return place_in(clone, path); },
                 [this](const std::string& path, const snapshot::BlobId& blob) {
                   return assets_.answer(path, blob);
                 }}),
      others_(config.runtime_directory),
      digest_(plan::link_digest(
          input_.blog,
          input_.tree.files_digest + ' ' + std::to_string(config.limits.asset_bytes_max),
          places_)) {}

plan::Resolution Linking::resolve(FileLink::Use use, const std::string& target) const {
  return resolver_.resolve(use, target);
}

void Linking::warn(const std::string& path, const FileLink& link, const std::string& problem) {
  if (warnings_.size() < link_warnings_max)
    warnings_.push_back({path, link.line, link.column, problem});
}

// Prefetches the files that the fetch has omitted, all together.
void Linking::bring_files(const post::Document& document) {
  if (!clone_.is_partial()) return;
  std::vector<snapshot::BlobId> blobs;
  const auto count = std::min(document.links.size(), plan::links_max);
  for (const auto& link : std::span(document.links).first(count)) {
    if (link.target.empty() || post::is_markdown_path(link.target)) continue;
    if (const auto place = place_in(clone_, link.target); place.kind == TreePlace::Kind::file)
      blobs.push_back(place.blob);
  }
  assets_.prefetch(blobs);
}

void Linking::resolve_document(const post::Document& document, const std::string& path) {
  bring_files(document);
  std::size_t count = 0;
  for (const auto& link : document.links) {
    if (++count > plan::links_max) {
      warn(path, link,
           "more than " + std::to_string(plan::links_max) +
               " links to files of the repository: this one and those behind it lead nowhere");
      break;
    }
    const auto resolution = resolve(link.use, link.target);
    if (!resolution.url) warn(path, link, resolution.problem);
  }
  if (!document.cover) return;
  const auto target = plan::cover_target(*document.cover, path);
  if (!target) return;
  const auto resolution = resolve(FileLink::Use::resource, *target);
  if (!resolution.url) warn(path, {}, "cover: " + resolution.problem);
}

void Linking::resolve_written(const Rendering& rendering) {
  for (const auto& write : input_.plan.writes) {
    if (!write.has_links) continue;
    if (input_.check) input_.check();
    resolve_document(rendering.spool.read(write.document), write.path);
  }
}

void Linking::resolve_others(pg::Connection& connection, const base::BlogId& blog) {
  has_looked_at_others_ = true;
  std::unordered_set<std::string_view> settled;
  for (const auto& post : input_.plan.deletes)
    settled.insert(post.text());
  for (const auto& write : input_.plan.writes)
    if (write.post) settled.insert(write.post->text());
  std::string after;
  for (;;) {
    if (input_.check) input_.check();
    const auto posts = publishing::linked_posts(connection, blog, after);
    if (posts.empty()) return;
    for (const auto& post : posts)
      if (!settled.contains(post.id.text())) resolve_other(connection, post);
    after = posts.back().path;
  }
}

void Linking::resolve_other(pg::Connection& connection, const publishing::LinkedPost& post) {
  try {
    const auto before = publishing::post_links(post);
    const plan::Resolve resolver = [this](FileLink::Use use, const std::string& target) {
      return resolve(use, target);
    };
    if (plan::still_hold(before, resolver)) return;
    post::Document document;
    document.html = plan::empty_places(publishing::post_html(connection, post.id), before);
    for (const auto& [link, url] : before.links) {
      document.links.push_back(link);
      const auto resolution = resolve(link.use, link.target);
      // A link that led nowhere before was reported when the post was written.
      if (url && !resolution.url) warn(post.path, link, resolution.problem);
    }
    Relink relink{post.id, post.path, std::nullopt, others_.append(document)};
    if (before.cover) {
      relink.cover_target = before.cover->target;
      const auto resolution = resolve(FileLink::Use::resource, before.cover->target);
      if (before.cover->url && !resolution.url) warn(post.path, {}, "cover: " + resolution.problem);
    }
    relinks_.push_back(std::move(relink));
  } catch (const base::Error& error) {
    if (error.kind() != base::ErrorKind::internal) throw;
    is_complete_ = false;
    warn(post.path, {}, "its links were not brought up to date: " + error.text());
  }
}

plan::PostLinks Linking::fill(post::Document& document, const std::string& path) const {
  auto links = plan::fill_places(
      document.html, document.links,
      [this](FileLink::Use use, const std::string& target) { return resolve(use, target); });
  if (!document.cover) return links;
  if (const auto target = plan::cover_target(*document.cover, path)) {
    document.cover = resolve(FileLink::Use::resource, *target).url;
    links.cover = plan::Cover{*target, document.cover};
  }
  return links;
}

plan::PostLinks Linking::fill(post::Document& document, const Relink& relink) const {
  auto links = fill(document, relink.path);
  if (relink.cover_target)
    links.cover = plan::Cover{*relink.cover_target,
                              resolve(FileLink::Use::resource, *relink.cover_target).url};
  return links;
}

std::vector<std::string> Linking::asset_paths(const plan::PostLinks& links) {
  std::set<std::string> paths;
  const auto add = [&](const std::string& target, const std::optional<std::string>& url) {
    if (url && url->starts_with(blog::assets_prefix)) paths.insert(target);
  };
  for (const auto& [link, url] : links.links)
    add(link.target, url);
  if (links.cover) add(links.cover->target, links.cover->url);
  return {paths.begin(), paths.end()};
}

}  // namespace devy::upload
