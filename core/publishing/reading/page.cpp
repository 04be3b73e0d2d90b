#include "core/publishing/reading/page.hpp"

#include <algorithm>

#include "core/platform/base/ascii.hpp"
#include "core/platform/json/json.hpp"

namespace devy::reading {
namespace {

using json::Json;

http::Response refusal(int status, std::string_view error, std::string_view message,
                       std::string_view hint) {
  auto response = answer(
      status,
      Json::object({{"error", error}, {"message", message}, {"hint", hint}}).compact() + "\n");
  // It may be there in a moment.
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

bool is_name(std::string_view text, std::size_t bytes_max) {
  return !text.empty() && text.size() <= bytes_max && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || base::is_digit(c) || c == '-';
  });
}

}  // namespace

http::Response answer(int status, std::string body, std::string_view content_type) {
  http::Response response;
  response.status = status;
  response.headers = {{"Content-Type", std::string(content_type)},
                      {"Access-Control-Allow-Origin", "*"},
                      {"X-Content-Type-Options", "nosniff"}};
  response.body = std::move(body);
  return response;
}

http::Response fresh_answer(int status, std::string_view tag) {
  auto response = answer(status, {});
  response.headers.emplace_back("Cache-Control", "public, max-age=30, stale-while-revalidate=300");
  if (!tag.empty()) response.headers.emplace_back("ETag", tag);
  return response;
}

http::Response not_found() {
  return refusal(404, "not_found", "there is nothing to read at this address",
                 "Look for it in the list of the blog's posts; one that is not published is not "
                 "shown.");
}

http::Response gone() {
  return refusal(410, "gone", "this blog was disconnected",
                 "Its owner can connect it again; until then nothing of it is shown.");
}

http::Response malformed(std::string_view message, std::string_view hint) {
  return refusal(400, "malformed", message, hint);
}

bool is_blog_name(const BlogAddress& blog) {
  // As account.username and blog.slug have them (core/publishing/schema.sql).
  constexpr std::size_t username_bytes_max = 2 * 39, slug_bytes_max = 2 * 63;
  return is_name(blog.username, username_bytes_max) && is_name(blog.slug, slug_bytes_max);
}

publishing::BlogKey key_of(const BlogAddress& blog, const Condition& condition) {
  return {blog.username, blog.slug, condition.now};
}

std::optional<http::Response> settled(const std::optional<publishing::ReadableBlog>& blog,
                                      const Condition& condition, std::string_view variant) {
  if (!blog) return not_found();
  if (!blog->is_connected) return gone();
  const auto tag = entity_tag(*blog, variant);
  if (!names_tag(condition.if_none_match, tag)) return std::nullopt;
  return fresh_answer(304, tag);
}

}  // namespace devy::reading
