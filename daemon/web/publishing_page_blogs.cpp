#include "daemon/web/publishing_page_blogs.hpp"

#include "core/platform/base/error.hpp"
#include "core/platform/http/server/fields.hpp"
#include "core/platform/http/server/response.hpp"
#include "core/platform/web/html/number_text.hpp"
#include "core/platform/web/html/sentence.hpp"
#include "core/platform/web/html/state_mark.hpp"
#include "core/platform/web/html/time_element.hpp"
#include "core/publishing/store/blog_store.hpp"
#include "daemon/web/frame.hpp"
#include "html_names/blogs.hpp"

// The list; one blog is publishing_page_blog.cpp's.

namespace devy::daemon {
namespace {

namespace blogs_names = html::blogs;

constexpr std::size_t commit_in_list = 8, blogs_per_page = 100;

std::string blog_state(const publishing::Blog& blog) {
  if (!blog.is_connected || blog.frozen_reason) return "disabled";
  if (blog.pause) return "paused";
  return blog.last_upload_state.value_or("waiting");
}

void fill_blog_row(html::Fill& row, const publishing::Blog& blog, base::TimePoint now) {
  const auto state = blog_state(blog);
  row.set(blogs_names::blog_mark, html::mark_of(state));
  row.set(blogs_names::blog_state, state);
  row.set_url(blogs_names::blog_url, html::own_url({"blogs", blog.username, blog.slug}));
  row.set(blogs_names::blog_name, blog.address());
  html::Sentence text(row, blogs_names::blog_text);
  text.text(blog.name.value_or(blog.repository_url));
  if (blog.file_errors > 0)
    text.text(", ").strong(html::number_text(blog.file_errors) +
                           (blog.file_errors == 1 ? " file in error" : " files in error"));
  row.set(blogs_names::posts, html::number_text(blog.posts));
  row.set(blogs_names::commit, blog.head_commit ? blog.head_commit->substr(0, commit_in_list)
                                                : std::string(html::none_text));
  html::set_age(row, {blogs_names::uploaded_utc, blogs_names::uploaded},
                blog.head_at.value_or(blog.created_at), now);
}

}  // namespace

http::Response show_blogs(Visit& visit) {
  const auto after = visit.query.line("after").value_or("");
  publishing::BlogListing asked;
  if (!visit.is_operator()) asked.username = visit.visitor->username;
  asked.after = after;
  asked.limit = blogs_per_page + 1;
  auto blogs = publishing::page_of_blogs(visit.connection, asked);
  const bool has_more = blogs.size() > blogs_per_page;
  if (has_more) blogs.pop_back();
  Frame frame(visit, {.title = "Blogs", .path = "/blogs"});
  auto& content = frame.content(blogs_names::template_file);
  html::Sentence(content, blogs_names::blogs_text)
      .text(visit.is_operator() ? "All blogs, by address." : "Your blogs.");
  content.add(blogs_names::may_connect)
      .set_url(blogs_names::connect_url, html::own_url({"blogs", "connect"}));
  if (blogs.empty()) {
    html::Sentence(content.add(blogs_names::empty), blogs_names::empty_text)
        .text("None is connected. ")
        .link(html::own_url({"blogs", "connect"}), "Connect a repository")
        .text(" of yours, and its Markdown files become posts.");
  } else {
    auto& rows = content.add(blogs_names::rows);
    for (const auto& blog : blogs)
      fill_blog_row(rows.add(blogs_names::row), blog, visit.now);
  }
  if (has_more)
    content.add(blogs_names::older)
        .set_url(blogs_names::older_url,
                 html::own_url({"blogs"}, {{"after", blogs.back().address()}}));
  return frame.response();
}

}  // namespace devy::daemon
