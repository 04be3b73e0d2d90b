#include "core/publishing/blog/address.hpp"

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/hex.hpp"
#include "core/platform/base/percent.hpp"

namespace devy::blog {

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kept = "-._~/";
  std::string result;
  result.reserve(text.size());
  for (const char character : text) {
    if (base::is_letter_or_digit(character) || kept.find(character) != std::string_view::npos)
      result += character;
    else base::append_percent_encoded(result, character);
  }
  return result;
}

std::string blog_url(const BlogName& blog) {
  return "/" + percent_encoded(blog.username) + "/" + percent_encoded(blog.slug);
}

std::string post_url(const BlogName& blog, std::string_view post_slug) {
  return blog_url(blog) + "/" + percent_encoded(post_slug);
}

std::string asset_url(const base::Sha256& sha256, std::string_view path) {
  return std::string(assets_prefix) + base::to_hex(sha256) + "/" +
         percent_encoded(path.substr(path.rfind('/') + 1));
}

}  // namespace devy::blog
