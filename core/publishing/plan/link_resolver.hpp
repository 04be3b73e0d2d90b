#pragma once
// Resolves a link to a path of the repository, as of the end of a publish: to a post, to a file
// that becomes an asset, or to nothing, with the reason. It reads no git and writes nothing itself.
// Not copyable; one thread.
//
// A link to a Markdown file leads to the post of that file; a link to a folder, to the post that is
// its page (index.md, _index.md, README.md), or to the blog's front page where it is the root; a
// link to any other regular file, to an asset. Whatever a page loads (an image) is always an asset.
// As on GitHub, a path without its extension does not find the file. A path with a leading '/' that
// names no file is looked for in the folders that devy.toml calls `static`, and then as the address
// of a post: its slug or one of its aliases.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "core/platform/base/sha256.hpp"
#include "core/platform/snapshot/object_id.hpp"
#include "core/publishing/blog/address.hpp"
#include "core/publishing/plan/link_places.hpp"
#include "core/publishing/plan/plan.hpp"

namespace devy::plan {

// The kind of entry that the commit's tree has at a path.
struct TreePlace {
  // `unreadable` means that it lies in a folder too large to be read.
  enum class Kind : std::uint8_t { nothing, folder, file, symlink, submodule, unreadable };
  Kind kind = Kind::nothing;
  snapshot::BlobId blob;  // set for a file
};

// The digest of a file's content as an asset, or why it cannot be one (lower case, no full stop).
using AssetAnswer = std::variant<base::Sha256, std::string>;

// The data sources of a resolver. They may be called repeatedly for one path, so both have to
// cache.
struct LinkSources {
  // Returns the id that a fragment (not empty) means on the post at `path`; nothing when the post
  // has no such place. Empty: nobody knows, and the fragment stays as it is.
  std::function<std::optional<std::string>(const std::string& path, const std::string& fragment)>
      anchor;
  std::function<TreePlace(const std::string& path)> tree_place;
  std::function<AssetAnswer(const std::string& path, const snapshot::BlobId& blob)> asset;
};

struct PostPlace {
  std::string path, slug;
  std::vector<std::string> aliases = {};  // slugs
};

// Computes where the posts are once the plan is carried out. Ordered by path.
[[nodiscard]] std::vector<PostPlace> places_after(const std::vector<KnownPost>& known,
                                                  const PublishPlan& plan);

// The keys of devy.toml that decide about links.
struct LinkSettings {
  std::string root = ".";
  std::vector<std::string> static_folders;
};

class LinkResolver {
 public:
  // `posts` must outlive this object.
  LinkResolver(blog::BlogName blog, const std::vector<PostPlace>& posts, LinkSettings settings,
               LinkSources sources);
  [[nodiscard]] Resolution resolve(const markdown::FileLink& link) const;

 private:
  [[nodiscard]] const PostPlace* post_at(const std::string& path) const;
  [[nodiscard]] Resolution page(const markdown::FileLink& link) const;
  [[nodiscard]] Resolution post(const PostPlace& post, const markdown::FileLink& link) const;
  [[nodiscard]] std::optional<Resolution> folder(const markdown::FileLink& link) const;
  [[nodiscard]] std::optional<Resolution> elsewhere(const markdown::FileLink& link) const;
  [[nodiscard]] std::optional<Resolution> in_static_folder(const markdown::FileLink& link) const;
  [[nodiscard]] Resolution file(const markdown::FileLink& link, const std::string& path,
                                const TreePlace& place) const;

  blog::BlogName blog_;
  const std::vector<PostPlace>& posts_;
  LinkSettings settings_;
  std::unordered_map<std::string, const PostPlace*> by_path_;
  // Made when the first link needs them.
  mutable std::optional<std::unordered_map<std::string, const PostPlace*>> by_folder_, by_address_;
  LinkSources sources_;
};

// Returns the file that the front matter's `cover` of the post at `path` names, without a URL;
// nothing when it is a web address. Its target is empty when it is outside of the repository.
[[nodiscard]] std::optional<Cover> cover_target(std::string_view cover, const std::string& path);

// Digest of everything that link resolution depends on: while it stays the same, links of posts
// that did not change lead where they did. `files` describes the tree's other files, and which of
// them may be assets.
[[nodiscard]] std::string link_digest(const blog::BlogName& blog, std::string_view files,
                                      const LinkSettings& settings,
                                      const std::vector<PostPlace>& posts);

}  // namespace devy::plan
