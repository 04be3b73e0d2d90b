#pragma once
// Resolves a link to a path of the repository, as of the end of a publish: to a post, to a file
// that becomes an asset, or to nothing, with the reason. It reads no git and writes nothing itself.
// Not copyable; one thread.
//
// A link to a Markdown file leads to the post of that file; a link to a folder, to the post of its
// index.md or README.md; a link to any other regular file, to an asset. Whatever a page loads (an
// image) is always an asset. As on GitHub, a path without its extension does not find the file.

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
  std::function<TreePlace(const std::string& path)> tree_place;
  std::function<AssetAnswer(const std::string& path, const snapshot::BlobId& blob)> asset;
};

struct PostPlace {
  std::string path, slug;
};

// Computes where the posts are once the plan is carried out. Ordered by path.
[[nodiscard]] std::vector<PostPlace> places_after(const std::vector<KnownPost>& known,
                                                  const PublishPlan& plan);

class LinkResolver {
 public:
  LinkResolver(blog::BlogName blog, const std::vector<PostPlace>& posts, LinkSources sources);
  [[nodiscard]] Resolution resolve(markdown::FileLink::Use use, const std::string& target) const;

 private:
  [[nodiscard]] const std::string* slug_of(const std::string& path) const;
  [[nodiscard]] Resolution page(const std::string& target) const;
  [[nodiscard]] Resolution folder(const std::string& target) const;
  [[nodiscard]] Resolution file(const std::string& target, const TreePlace& place) const;

  blog::BlogName blog_;
  std::unordered_map<std::string, std::string> slugs_;  // by path
  LinkSources sources_;
};

// Returns the path that the front matter's `cover` of the post at `path` names; nothing when it is
// a web address, and an empty text when it is outside of the repository.
[[nodiscard]] std::optional<std::string> cover_target(std::string_view cover,
                                                      const std::string& path);

// Digest of everything that link resolution depends on: while it stays the same, links of posts
// that did not change lead where they did. `files` describes the tree's other files, and which of
// them may be assets.
[[nodiscard]] std::string link_digest(const blog::BlogName& blog, std::string_view files,
                                      const std::vector<PostPlace>& posts);

}  // namespace devy::plan
