#pragma once
// The URLs in a post's stored HTML, for whoever shows it elsewhere than on the site: the feed, a
// preview. Works on what the sanitiser writes (attributes in double quotes, '<' and '>' escaped
// wherever they are no tag's), and on nothing else. Pure; any thread.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace devy::feed {

// Asks about each URL of a link, an image, a source or a citation; nothing: it stays. What comes in
// and goes out is as the attribute has it, so an answer must be fit for one; the URLs of
// core/blog/address.hpp are.
using UrlChange = std::function<std::optional<std::string>(std::string_view url)>;
[[nodiscard]] std::string change_urls(std::string_view html, const UrlChange& change);

}  // namespace devy::feed
