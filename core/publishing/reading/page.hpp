#pragma once
// Everything that the answers of this folder share: headers, refusals, and the way from a request
// to a page by one statement, or two where the client has a page already. Private to this folder.
// Throws what pg::Connection throws.

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/platform/http/message.hpp"
#include "core/publishing/reading/entity_tag.hpp"
#include "core/publishing/reading/reading.hpp"

namespace devy::reading {

// The headers of all answers.
[[nodiscard]] http::Response answer(int status, std::string body,
                                    std::string_view content_type = "application/json");
// One that browsers and proxies may keep for a moment.
[[nodiscard]] http::Response fresh_answer(int status, std::string_view tag);
// 410: the owner took the blog away.
[[nodiscard]] http::Response gone();
// Tells whether there can be a blog of that name; nothing else is asked for in the database.
[[nodiscard]] bool is_blog_name(const BlogAddress& blog);
[[nodiscard]] publishing::BlogKey key_of(const BlogAddress& blog, const Condition& condition);
// The answer of a blog whose state is known, where it needs no page.
[[nodiscard]] std::optional<http::Response> settled(
    const std::optional<publishing::ReadableBlog>& blog, const Condition& condition,
    std::string_view variant);

// `read` reads a page, which has a member `blog`, or nothing where there is no blog; `write` fills
// a response with it, status 200, that has its tag already.
template <class Read, class Write>
[[nodiscard]] http::Response page(pg::Connection& connection, const BlogAddress& blog,
                                  const Condition& condition, std::string_view variant,
                                  const Read& read, const Write& write) {
  if (!is_blog_name(blog)) return not_found();
  const auto key = key_of(blog, condition);
  if (!condition.if_none_match.empty())
    if (auto early = settled(publishing::find_readable_blog(connection, key), condition, variant))
      return *std::move(early);
  auto found = read(key);
  if (!found) return not_found();
  if (!found->blog.is_connected) return gone();
  auto response = fresh_answer(200, entity_tag(found->blog, variant));
  write(*found, response);
  return response;
}

}  // namespace devy::reading
