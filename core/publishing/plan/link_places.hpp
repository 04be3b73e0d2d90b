#pragma once
// Inserts the URLs of resolved links into a post's HTML, and removes them again. What is stored
// with a post (PostLinks) is enough to resolve its links anew without its file, so a post whose own
// file did not change is right after an upload that moved another file.
//
// A link without a URL becomes plain text: its tags are removed, unless other links lead to it by
// its id, and only its attribute is then. An image without one loses its attribute and shows its
// text; so does a srcset of which one candidate has no URL, since the others mean nothing without
// it. Pure; any thread. Throws Error(internal) for places that are not in the HTML, which only a
// faulty child process would report.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/snapshot/file_error.hpp"
#include "core/publishing/post/document.hpp"

namespace devy::plan {

// Limit for a post's links; further ones get no URL. No such post is meant for readers, and this
// keeps the data stored beside the HTML small.
inline constexpr std::size_t links_max = 10'000;

struct Resolution {
  std::optional<std::string> url;  // safe in an attribute as it is
  std::string problem;             // why there is no URL, or why its page has not that place
  std::string asset = {};          // path of the file, when it leads to one
  std::string post = {};           // path of the post's file, when it leads to one
  bool operator==(const Resolution&) const = default;
};
using Resolve = std::function<Resolution(const markdown::FileLink& link)>;

struct ResolvedLink {
  markdown::FileLink link;
  std::optional<std::string> url;
  bool operator==(const ResolvedLink&) const = default;
};

// A tag, or an attribute with the blank before it, that was removed because it has no URL.
struct TakenOut {
  std::uint32_t offset = 0;  // position in the HTML without URLs, as FileLink::offset
  std::string text;
  bool operator==(const TakenOut&) const = default;
};

// The picture that the front matter names, when it is a file of the repository.
struct Cover {
  std::string target;
  std::optional<std::string> url;
  bool is_rooted = false;              // see markdown::FileLink
  std::uint32_t line = 0, column = 0;  // in the file; 0: stored by a version that did not keep it
  bool operator==(const Cover&) const = default;
};

struct PostLinks {
  std::vector<ResolvedLink> links;  // at most links_max
  std::vector<TakenOut> taken_out;
  std::optional<Cover> cover;
  // Not stored here: paths of the assets that these lead to, and of the posts to a place on which.
  std::vector<std::string> assets, fragment_posts;
  [[nodiscard]] bool empty() const { return links.empty() && !cover; }
  bool operator==(const PostLinks&) const = default;
};

[[nodiscard]] markdown::FileLink link_of(const Cover& cover);

// Inserts the URLs into `html`. The cover is not considered.
[[nodiscard]] PostLinks fill_places(std::string& html, const std::vector<markdown::FileLink>& links,
                                    const Resolve& resolve);
// Returns the HTML as it was before fill_places(), except for links beyond links_max.
[[nodiscard]] std::string empty_places(std::string_view html, const PostLinks& links);
// Tells whether resolving the links again gives the same result.
[[nodiscard]] bool still_hold(const PostLinks& links, const Resolve& resolve);

}  // namespace devy::plan
