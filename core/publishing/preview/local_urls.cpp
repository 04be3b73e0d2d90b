#include "core/publishing/preview/local_urls.hpp"

#include <algorithm>
#include <cstddef>

#include "core/publishing/preview/page.hpp"

namespace devy::preview {
namespace {

std::optional<std::string> local_asset(const Copy& copy, std::string_view rest) {
  constexpr std::size_t sha256_digits = 64;
  const auto sha256 = rest.substr(0, std::min(rest.find('/'), rest.size()));
  if (sha256.size() != sha256_digits) return std::nullopt;
  return copy.asset_path(sha256);
}

// `rest` follows the blog's URL: "" or "/<slug>".
std::optional<std::string> local_page(const Copy& copy, std::string_view rest) {
  if (rest.empty() || rest == "/") return std::string(index_path);
  if (!rest.starts_with('/')) return std::nullopt;  // another blog whose name begins alike
  const auto slug = rest.substr(1);
  if (!copy.has_page(slug)) return std::nullopt;
  return std::string(posts_folder) + std::string(slug) + "/" + std::string(index_path);
}

}  // namespace

std::optional<std::string> local_url(const Copy& copy, std::string_view url,
                                     std::string_view way_up) {
  if (!url.starts_with('/') || url.starts_with("//")) return std::nullopt;
  const auto path = url.substr(0, std::min(url.find_first_of("?#"), url.size()));
  std::optional<std::string> local;
  if (path.starts_with(copy.assets_prefix))
    local = local_asset(copy, path.substr(copy.assets_prefix.size()));
  else if (path.starts_with(copy.blog_url))
    local = local_page(copy, path.substr(copy.blog_url.size()));
  if (!local) return copy.origin + std::string(url);
  // A file takes no query; a place in the page stays.
  const auto fragment = url.substr(std::min(url.find('#'), url.size()));
  return std::string(way_up) + *local + std::string(fragment);
}

}  // namespace devy::preview
