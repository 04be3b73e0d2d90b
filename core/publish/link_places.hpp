#pragma once
// Puts the URLs that links resolved to into their places in a post's HTML, and takes them out
// again: what is stored with a post (PostLinks) is enough to resolve its links anew without its
// file, so a post whose own file did not change is right after the upload that moved another.
//
// A link without a URL loses its whole attribute and reads as plain text; so does a srcset of which
// one candidate has none, since the others mean nothing without it. Pure; any thread. Throws
// Error(internal) for places that are not in the HTML, which only a broken child would give.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/markdown/document.hpp"
#include "core/snapshot/file_error.hpp"

namespace devy::publish {

// A post with more links than these keeps no URL in the others: it is no post that anybody reads,
// and what is stored beside the HTML stays small.
inline constexpr std::size_t links_max = 10'000;

struct Resolution {
  std::optional<std::string> url;
  std::string problem;  // why there is none
  bool operator==(const Resolution&) const = default;
};
using Resolve = std::function<Resolution(markdown::FileLink::Use, const std::string& target)>;

struct ResolvedLink {
  markdown::FileLink link;
  std::optional<std::string> url;
  bool operator==(const ResolvedLink&) const = default;
};

// An attribute that lost its URL, blank before it included.
struct TakenOut {
  std::uint32_t offset = 0;  // in the HTML without URLs, as FileLink::offset
  std::string text;
  bool operator==(const TakenOut&) const = default;
};

// The front matter's picture, when it is a file of the repository.
struct Cover {
  std::string target;
  std::optional<std::string> url;
  bool operator==(const Cover&) const = default;
};

struct PostLinks {
  std::vector<ResolvedLink> links;  // at most links_max
  std::vector<TakenOut> taken_out;
  std::optional<Cover> cover;
  [[nodiscard]] bool empty() const { return links.empty() && !cover; }
  bool operator==(const PostLinks&) const = default;
};

// `html` gets its URLs. The cover is not looked at.
[[nodiscard]] PostLinks fill_places(std::string& html, const std::vector<markdown::FileLink>& links,
                                    const Resolve& resolve);
// The HTML as it was before fill_places(), but for links beyond links_max.
[[nodiscard]] std::string empty_places(std::string_view html, const PostLinks& links);
// Whether resolving them anew gives anything else.
[[nodiscard]] bool still_hold(const PostLinks& links, const Resolve& resolve);

}  // namespace devy::publish
