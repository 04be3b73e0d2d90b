#pragma once
// Changes the URLs in a post's stored HTML, for code that shows it outside the site: the feed and
// the preview. It understands only what the sanitiser writes (attributes in double quotes, '<' and
// '>' escaped everywhere but in tags). Pure; any thread.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace devy::preview {

// Called for each URL of a link, an image, a source or a citation; returning nothing keeps it.
// Input and result are in the form of the attribute's text, so the result must be safe in an
// attribute; the URLs of core/publishing/blog/address.hpp are.
using UrlChange = std::function<std::optional<std::string>(std::string_view url)>;
[[nodiscard]] std::string change_urls(std::string_view html, const UrlChange& change);

}  // namespace devy::preview
