#pragma once
// What a link to a path of the repository leads to, once a publish is done: a post, a file that
// becomes an asset, or nothing, with the reason. Reads no git and writes nothing itself. Not
// copied; one thread.
//
// A link to a page leads to the post of that file; of a folder, to the post of its index.md or
// README.md; of any other regular file but Markdown, to an asset. What a page loads (an image) is
// an asset always. As on GitHub a path without its extension is no file.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "core/base/sha256.hpp"
#include "core/blog/address.hpp"
#include "core/publish/link_places.hpp"
#include "core/publish/plan.hpp"
#include "core/snapshot/object_id.hpp"

namespace devy::publish {

// What the commit's tree has at a path.
struct TreePlace {
  // unreadable: it lies in a folder that is too large to be looked into.
  enum class Kind : std::uint8_t { nothing, folder, file, symlink, submodule, unreadable };
  Kind kind = Kind::nothing;
  snapshot::BlobId blob;  // of a file
};

// The content a file is an asset by, or why it cannot be one (lower case, no full stop).
using AssetAnswer = std::variant<base::Sha256, std::string>;

// The outside world of a resolver. Asked again and again for the same path: both remember.
struct LinkSources {
  std::function<TreePlace(const std::string& path)> tree_place;
  std::function<AssetAnswer(const std::string& path, const snapshot::BlobId& blob)> asset;
};

struct PostPlace {
  std::string path, slug;
};

// Where the posts are once the plan is carried out. By path.
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

// The path that the front matter's `cover` of the post at `path` names; nothing when it is an
// address on the web. Empty: outside of the repository.
[[nodiscard]] std::optional<std::string> cover_target(std::string_view cover,
                                                      const std::string& path);

// What link resolution depends on, digested: while it is the same, links of posts that did not
// change lead where they led. `files` says what the tree's other files are, and which of them may
// be assets.
[[nodiscard]] std::string link_digest(const blog::BlogName& blog, std::string_view files,
                                      const std::vector<PostPlace>& posts);

}  // namespace devy::publish
