#include "core/publishing/plan/link_resolver.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>

#include "core/platform/base/hex.hpp"
#include "core/publishing/markdown/link_url.hpp"
#include "core/publishing/post/slug.hpp"

namespace devy::plan {
namespace {

using markdown::FileLink;

// Bump when a link would lead elsewhere although nothing of the blog changed.
constexpr std::string_view links_version = "1";

constexpr std::array<std::string_view, 6> folder_pages{
    "index.md", "index.markdown", "README.md", "README.markdown", "readme.md", "readme.markdown"};

Resolution dead(std::string problem) {
  return {std::nullopt, std::move(problem)};
}

std::string named(FileLink::Use use, const std::string& target) {
  return (use == FileLink::Use::page ? "link to '" : "image '") + target + "': ";
}

}  // namespace

std::vector<PostPlace> places_after(const std::vector<KnownPost>& known, const PublishPlan& plan) {
  std::unordered_set<std::string_view> gone;
  std::unordered_map<std::string_view, std::string_view> moved;
  for (const auto& post : plan.deletes)
    gone.insert(post.text());
  for (const auto& write : plan.writes)
    if (write.post) gone.insert(write.post->text());
  for (const auto& relocation : plan.relocations)
    moved[relocation.post.text()] = relocation.path;
  std::vector<PostPlace> places;
  places.reserve(known.size() + plan.writes.size());
  for (const auto& post : known) {
    if (gone.contains(post.id.text())) continue;
    const auto target = moved.find(post.id.text());
    places.push_back({target == moved.end() ? post.path : std::string(target->second), post.slug});
  }
  for (const auto& write : plan.writes)
    places.push_back({write.path, write.slug});
  std::ranges::sort(places, {}, &PostPlace::path);
  return places;
}

LinkResolver::LinkResolver(blog::BlogName blog, const std::vector<PostPlace>& posts,
                           LinkSources sources)
    : blog_(std::move(blog)), sources_(std::move(sources)) {
  slugs_.reserve(posts.size());
  for (const auto& post : posts)
    slugs_.emplace(post.path, post.slug);
}

const std::string* LinkResolver::slug_of(const std::string& path) const {
  const auto found = slugs_.find(path);
  return found == slugs_.end() ? nullptr : &found->second;
}

Resolution LinkResolver::resolve(FileLink::Use use, const std::string& target) const {
  if (target.empty()) return dead("a link leads out of the repository");
  auto result = [&] {
    if (use == FileLink::Use::page) return page(target);
    if (post::is_markdown_path(target)) return dead("a Markdown file is no image");
    return file(target, sources_.tree_place(target));
  }();
  if (!result.url) result.problem = named(use, target) + result.problem;
  return result;
}

Resolution LinkResolver::page(const std::string& target) const {
  if (const auto* slug = slug_of(target)) return {blog::post_url(blog_, *slug), {}};
  const auto place = sources_.tree_place(target);
  if (place.kind == TreePlace::Kind::folder) return folder(target);
  if (place.kind == TreePlace::Kind::file && post::is_markdown_path(target))
    return dead("the file is there, but it is no post");
  return file(target, place);
}

Resolution LinkResolver::folder(const std::string& target) const {
  for (const auto name : folder_pages) {
    const auto path = target == "." ? std::string(name) : target + "/" + std::string(name);
    if (const auto* slug = slug_of(path)) return {blog::post_url(blog_, *slug), {}};
  }
  return dead("the folder has no index.md that is a post");
}

Resolution LinkResolver::file(const std::string& target, const TreePlace& place) const {
  switch (place.kind) {
    case TreePlace::Kind::nothing: return dead("no such file");
    case TreePlace::Kind::folder: return dead("it is a folder");
    case TreePlace::Kind::symlink: return dead("a symbolic link is not followed");
    case TreePlace::Kind::submodule: return dead("a submodule is not published");
    case TreePlace::Kind::unreadable: return dead("its folder is too large to be looked into");
    case TreePlace::Kind::file: break;
  }
  auto answer = sources_.asset(target, place.blob);
  if (auto* problem = std::get_if<std::string>(&answer)) return dead(std::move(*problem));
  return {blog::asset_url(std::get<base::Sha256>(answer), target), {}};
}

std::optional<std::string> cover_target(std::string_view cover, const std::string& path) {
  auto url = markdown::parse_link_url(cover, path);
  if (url.kind != markdown::LinkUrl::Kind::file) return std::nullopt;
  return std::move(url.target);
}

std::string link_digest(const blog::BlogName& blog, std::string_view files,
                        const std::vector<PostPlace>& posts) {
  base::Sha256Stream stream;
  for (const std::string_view field :
       {links_version, std::string_view(blog.username), std::string_view(blog.slug), files})
    stream.field(field);
  for (const auto& post : posts) {
    stream.field(post.path);
    stream.field(post.slug);
  }
  return base::to_hex(stream.finish());
}

}  // namespace devy::plan
