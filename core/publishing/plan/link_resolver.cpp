#include "core/publishing/plan/link_resolver.hpp"

#include <algorithm>
#include <unordered_set>

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/hex.hpp"
#include "core/publishing/blog/path_filter.hpp"
#include "core/publishing/markdown/anchor.hpp"
#include "core/publishing/markdown/link_url.hpp"
#include "core/publishing/post/slug.hpp"

namespace devy::plan {
namespace {

using markdown::FileLink;

// Bump when a link would lead elsewhere although nothing of the blog changed.
constexpr std::string_view links_version = "2";

struct Place {
  std::string_view folder = ".", name;
};

Place split(std::string_view path) {
  const auto slash = path.rfind('/');
  if (slash == std::string_view::npos) return {".", path};
  return {path.substr(0, slash), path.substr(slash + 1)};
}

Resolution dead(std::string problem) {
  return {std::nullopt, std::move(problem)};
}

std::string named(const FileLink& link, const Resolution& result) {
  if (link.use == FileLink::Use::resource) return "image '" + link.target + "': ";
  return "link to '" + link.target + (result.url ? '#' + link.fragment : "") + "': ";
}

// A place in a file that is no page ("page=3&zoom=100") means what its viewer says: it stays.
std::string escaped_fragment(std::string_view fragment) {
  std::string escaped;
  while (!fragment.empty()) {
    const auto end = std::min(fragment.find_first_of("%&"), fragment.size());
    escaped += markdown::encode_anchor(fragment.substr(0, end));
    if (end == fragment.size()) break;
    escaped += fragment[end] == '&' ? "&amp;" : "%";
    fragment.remove_prefix(end + 1);
  }
  return escaped;
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
    places.push_back(
        {target == moved.end() ? post.path : std::string(target->second), post.slug, post.aliases});
  }
  for (const auto& write : plan.writes)
    places.push_back({write.path, write.slug, write.aliases});
  std::ranges::sort(places, {}, &PostPlace::path);
  return places;
}

LinkResolver::LinkResolver(blog::BlogName blog, const std::vector<PostPlace>& posts,
                           LinkSettings settings, LinkSources sources)
    : blog_(std::move(blog)),
      posts_(posts),
      settings_(std::move(settings)),
      sources_(std::move(sources)) {
  by_path_.reserve(posts.size());
  for (const auto& post : posts)
    by_path_.emplace(post.path, &post);
}

const PostPlace* LinkResolver::post_at(const std::string& path) const {
  const auto found = by_path_.find(path);
  return found == by_path_.end() ? nullptr : found->second;
}

Resolution LinkResolver::resolve(const FileLink& link) const {
  if (link.target.empty()) return dead("a link leads out of the repository");
  auto result = [&] {
    if (link.use == FileLink::Use::page) return page(link);
    if (post::is_markdown_path(link.target)) return dead("a Markdown file is no image");
    const auto place = sources_.tree_place(link.target);
    if (place.kind == TreePlace::Kind::nothing)
      if (auto found = in_static_folder(link)) return *found;
    return file(link, link.target, place);
  }();
  if (!result.problem.empty()) result.problem = named(link, result) + result.problem;
  return result;
}

Resolution LinkResolver::page(const FileLink& link) const {
  if (const auto* found = post_at(link.target)) return post(*found, link);
  const auto place = sources_.tree_place(link.target);
  const bool is_folder = place.kind == TreePlace::Kind::folder;
  if (is_folder)
    if (auto found = folder(link)) return *found;
  if (is_folder || place.kind == TreePlace::Kind::nothing)
    if (auto found = elsewhere(link)) return *found;
  if (is_folder) return dead("the folder has no index.md, _index.md or README.md that is a post");
  if (place.kind == TreePlace::Kind::file && post::is_markdown_path(link.target))
    return dead("the file is there, but it is no post");
  return file(link, link.target, place);
}

// A place that the post has not is no reason not to lead to the post.
Resolution LinkResolver::post(const PostPlace& post, const FileLink& link) const {
  Resolution result{blog::post_url(blog_, post.slug), {}, {}, post.path};
  if (link.fragment.empty()) return result;
  const auto id = sources_.anchor(post.path, link.fragment);
  if (id && !id->empty()) *result.url += '#' + markdown::prefixed_id(markdown::encode_anchor(*id));
  else if (markdown::is_on_every_page(link.fragment))
    *result.url += '#' + escaped_fragment(link.fragment);
  else if (id) *result.url += '#' + markdown::prefixed_id(escaped_fragment(link.fragment));
  else result.problem = std::string(markdown::no_such_anchor);
  return result;
}

std::optional<Resolution> LinkResolver::folder(const FileLink& link) const {
  if (!by_folder_) {
    by_folder_.emplace();
    for (const auto& post : posts_) {
      const auto [in, name] = split(post.path);
      const auto rank = blog::folder_page_rank(name);
      if (!rank) continue;
      auto& page = (*by_folder_)[std::string(in)];
      if (page == nullptr || *rank < blog::folder_page_rank(split(page->path).name)) page = &post;
    }
  }
  if (const auto found = by_folder_->find(link.target); found != by_folder_->end())
    return post(*found->second, link);
  if (link.target == "." || link.target == settings_.root)
    return Resolution{blog::blog_url(blog_), {}};
  return std::nullopt;
}

// A path from the blog's own root, as its pages and its generator's have it.
std::optional<Resolution> LinkResolver::elsewhere(const FileLink& link) const {
  if (!link.is_rooted) return std::nullopt;
  if (auto found = in_static_folder(link)) return found;
  if (post::is_markdown_path(link.target)) return std::nullopt;
  if (!by_address_) {
    by_address_.emplace();
    for (const auto& post : posts_)
      (*by_address_)[post.slug] = &post;
    // A page comes before an alias.
    for (const auto& post : posts_)
      for (const auto& alias : post.aliases)
        by_address_->emplace(alias, &post);
  }
  if (base::to_lower(link.target) == "index.html") return Resolution{blog::blog_url(blog_), {}};
  const auto slug = post::slug_of_address('/' + blog::percent_encoded(link.target));
  const auto found = slug ? by_address_->find(*slug) : by_address_->end();
  if (found == by_address_->end()) return std::nullopt;
  return post(*found->second, link);
}

std::optional<Resolution> LinkResolver::in_static_folder(const FileLink& link) const {
  if (!link.is_rooted) return std::nullopt;
  for (const auto& folder : settings_.static_folders) {
    const auto path = folder == "." ? link.target : folder + "/" + link.target;
    const auto place = sources_.tree_place(path);
    if (place.kind == TreePlace::Kind::file && !post::is_markdown_path(path))
      return file(link, path, place);
  }
  return std::nullopt;
}

Resolution LinkResolver::file(const FileLink& link, const std::string& path,
                              const TreePlace& place) const {
  switch (place.kind) {
    case TreePlace::Kind::nothing: return dead("no such file");
    case TreePlace::Kind::folder: return dead("it is a folder");
    case TreePlace::Kind::symlink: return dead("a symbolic link is not followed");
    case TreePlace::Kind::submodule: return dead("a submodule is not published");
    case TreePlace::Kind::unreadable: return dead("its folder is too large to be looked into");
    case TreePlace::Kind::file: break;
  }
  auto answer = sources_.asset(path, place.blob);
  if (auto* problem = std::get_if<std::string>(&answer)) return dead(std::move(*problem));
  Resolution result{blog::asset_url(std::get<base::Sha256>(answer), path), {}, path};
  if (!link.fragment.empty()) *result.url += '#' + escaped_fragment(link.fragment);
  return result;
}

std::optional<Cover> cover_target(std::string_view cover, const std::string& path) {
  auto url = markdown::parse_link_url(cover, path);
  if (url.kind != markdown::LinkUrl::Kind::file) return std::nullopt;
  return Cover{std::move(url.target), std::nullopt, url.is_rooted};
}

std::string link_digest(const blog::BlogName& blog, std::string_view files,
                        const LinkSettings& settings, const std::vector<PostPlace>& posts) {
  base::Sha256Stream stream;
  for (const std::string_view field :
       {links_version, std::string_view(blog.username), std::string_view(blog.slug), files})
    stream.field(field);
  stream.field(settings.root);
  for (const auto& folder : settings.static_folders)
    stream.field(folder);
  for (const auto& post : posts) {
    stream.field(post.path);
    stream.field(post.slug);
    for (const auto& alias : post.aliases)
      stream.field(alias);
  }
  return base::to_hex(stream.finish());
}

}  // namespace devy::plan
