#pragma once
// Classifies the URL of a link or an image in a post, in the way a browser would. Pure; any thread.

#include <cstdint>
#include <string>
#include <string_view>

namespace devy::markdown {

// GitHub's prefix against DOM clobbering.
inline constexpr std::string_view id_prefix = "user-content-";

struct LinkUrl {
  enum class Kind : std::uint8_t {
    forbidden,  // a scheme that is not listed
    itself,     // the page itself: empty, or only a query
    fragment,   // a place on this page
    file,       // another file of the repository
    web,        // http, https, or the page's scheme (//host/…)
    mail,       // mailto
  };
  Kind kind = Kind::forbidden;
  std::string text;        // web and mail: the URL without the characters that a browser skips
  std::string target;      // file: the normalised path in the repository; empty: outside of it
  std::string fragment;    // fragment and file: as written behind the '#', may be empty
  bool is_rooted = false;  // file: the path begins with a '/'
};

// Parses an attribute's value (character references already decoded) in the file at `path` of the
// repository. Control characters and bidirectional overrides are removed before the scheme is
// determined, because browsers drop some of them there. A leading '/' means the repository's root,
// as on GitHub; a query is dropped.
[[nodiscard]] LinkUrl parse_link_url(std::string_view value, const std::string& path);

// Adds GitHub's prefix to an id or a fragment, unless it has it already.
[[nodiscard]] std::string prefixed_id(std::string_view id);

}  // namespace devy::markdown
