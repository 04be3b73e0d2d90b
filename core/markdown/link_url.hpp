#pragma once
// What the URL of a link or an image in a post points at, decided as a browser would decide it.
// Pure; any thread.

#include <cstdint>
#include <string>
#include <string_view>

namespace devy::markdown {

inline constexpr std::string_view id_prefix = "user-content-";  // GitHub's, against DOM clobbering

struct LinkUrl {
  enum class Kind : std::uint8_t {
    forbidden,  // a scheme that is not listed
    itself,     // the page it stands on: empty, or nothing but a query
    fragment,   // a place on this page
    file,       // another file of the repository
    web,        // http, https, or the page's scheme (//host/…)
    mail,       // mailto
  };
  Kind kind = Kind::forbidden;
  std::string text;      // web and mail: the URL without what a browser skips
  std::string target;    // file: the path in the repository's normal form; empty: outside of it
  std::string fragment;  // fragment and file: with its '#' and prefix, may be empty for a file
};

// The URL an attribute's value stands for (character references already decoded), in the file at
// `path` of the repository. Control characters and bidirectional overrides are gone before the
// scheme is looked for: browsers drop some of them there. A '/' at the front is the repository's
// root, as on GitHub; a query is dropped.
[[nodiscard]] LinkUrl parse_link_url(std::string_view value, const std::string& path);

// An id or a fragment with GitHub's prefix, unless it has it.
[[nodiscard]] std::string prefixed_id(std::string_view id);

}  // namespace devy::markdown
