#include <algorithm>

#include "core/platform/base/safe_text.hpp"
#include "core/publishing/post/slug.hpp"
#include "core/publishing/reading/page.hpp"
#include "core/publishing/reading/post_json.hpp"

// One post; see reading.hpp.

namespace devy::reading {
namespace {

using json::Json;

// An address of a post as an author may have written it: longer ones are nobody's.
constexpr std::size_t address_bytes_max = 2048;

bool is_post_address(std::string_view text) {
  return !text.empty() && text.size() <= address_bytes_max && base::is_valid_utf8(text) &&
         !base::has_control_character(text);
}

void set_header(http::Response& response, std::string_view name, std::string_view value) {
  std::erase_if(response.headers, [&](const auto& header) { return header.first == name; });
  response.headers.emplace_back(name, value);
}

// The address holds a secret, and what it shows is not published.
void keep_private(http::Response& response) {
  std::erase_if(response.headers, [](const auto& header) { return header.first == "ETag"; });
  set_header(response, "Cache-Control", "no-store");
  set_header(response, "X-Robots-Tag", "noindex");
  set_header(response, "Referrer-Policy", "no-referrer");
}

// The same request, asked of the post's own address.
std::string api_address(const blog::BlogName& blog, const std::string& slug,
                        const PostRequest& request) {
  auto address = "/v1/blogs" + blog::blog_url(blog) + "/posts/" + blog::percent_encoded(slug);
  char separator = '?';
  const auto add = [&](std::string_view name, std::string_view value) {
    address.append(1, separator).append(name).append("=").append(value);
    separator = '&';
  };
  if (request.format == Format::markdown) add("format", "markdown");
  if (!request.preview.empty()) add("preview", blog::percent_encoded(request.preview));
  return address;
}

void write_redirect(const std::string& slug, const blog::BlogName& blog, const PostRequest& request,
                    http::Response& response) {
  response.status = 301;
  std::erase_if(response.headers, [](const auto& header) { return header.first == "ETag"; });
  response.headers.emplace_back("Location", api_address(blog, slug, request));
  response.body =
      Json::object({{"moved_to", blog::post_url(blog, slug)}, {"slug", slug}}).compact() + "\n";
}

void write_post(publishing::FoundPost& found, const blog::BlogName& blog,
                const PostRequest& request, http::Response& response) {
  if (request.format == Format::markdown) {
    set_header(response, "Content-Type", "text/markdown; charset=utf-8");
    set_header(response, "Content-Security-Policy", "sandbox; default-src 'none'");
    response.body = std::move(found.markdown);
    return;
  }
  response.body = whole_post_json(found, blog).compact() + "\n";
}

}  // namespace

http::Response read_post(pg::Connection& connection, const BlogAddress& blog,
                         const PostRequest& request, const Condition& condition) {
  if (!is_post_address(request.slug)) return not_found();
  const auto normal_slug = post::slug_of_address(request.slug).value_or("");
  const publishing::PostKey post{request.slug, normal_slug, request.preview,
                                 request.format == Format::markdown ? publishing::PostForm::markdown
                                                                    : publishing::PostForm::html};
  // With a token the answer is nobody's to keep, so nobody has it.
  const Condition asked{request.preview.empty() ? condition.if_none_match : std::string_view(),
                        condition.now};
  return page(
      connection, blog, asked, {},
      [&](const auto& key) { return publishing::read_post_page(connection, key, post); },
      [&](publishing::PostPage& found, http::Response& response) {
        if (!found.found) {
          response = not_found();
          return;
        }
        const auto name = name_of(found.blog);
        if (found.found->post.slug != request.slug)
          write_redirect(found.found->post.slug, name, request, response);
        else write_post(*found.found, name, request, response);
        if (!request.preview.empty()) keep_private(response);
      });
}

}  // namespace devy::reading
