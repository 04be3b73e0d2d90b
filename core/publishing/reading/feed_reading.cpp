#include "core/publishing/post/timezone.hpp"
#include "core/publishing/preview/atom.hpp"
#include "core/publishing/preview/page.hpp"
#include "core/publishing/preview/sitemap.hpp"
#include "core/publishing/reading/page.hpp"
#include "core/publishing/reading/post_json.hpp"

// A blog's feed and its sitemap; see reading.hpp.

namespace devy::reading {
namespace {

void set_xml(http::Response& response, std::string_view content_type, std::string xml) {
  for (auto& [name, value] : response.headers)
    if (name == "Content-Type") value = content_type;
  // A browser shows the text, whatever it says.
  response.headers.emplace_back("Content-Security-Policy", "sandbox; default-src 'none'");
  response.body = std::move(xml);
}

preview::FeedEntry entry_of(publishing::FeedPost& found, const blog::BlogName& blog) {
  auto& post = found.post;
  preview::FeedEntry entry;
  entry.id = post.id.text();
  entry.url = blog::post_url(blog, post.slug);
  entry.title = std::move(post.title);
  entry.summary = std::move(post.summary);
  entry.html = std::move(found.html);
  entry.authors = std::move(post.authors);
  entry.tags = std::move(post.tags);
  entry.lang = std::move(post.lang);
  entry.published = {post.published_at, post.published_on};
  if (post.revised_at) entry.revised = preview::Date{*post.revised_at, post.revised_on};
  return entry;
}

std::string feed_of(publishing::FeedPage& found, std::string_view site_url) {
  const auto name = name_of(found.blog);
  preview::Channel channel;
  channel.id = found.blog.id.text();
  channel.title = found.name.value_or(found.blog.slug);
  channel.subtitle = found.description.value_or("");
  channel.author = found.blog.username;
  channel.origin = site_url;
  channel.url = blog::blog_url(name);
  channel.feed_url = channel.url + "/" + std::string(preview::feed_path);
  channel.changed_at = found.blog.head_at.value_or(found.created_at);
  std::vector<preview::FeedEntry> entries;
  for (auto& post : found.posts)
    entries.push_back(entry_of(post, name));
  return preview::atom_feed(channel, entries);
}

std::string sitemap_of(const publishing::SitemapPage& found, std::string_view site_url) {
  const auto name = name_of(found.blog);
  const auto zone = post::Timezone::load(found.timezone.value_or("UTC")).value_or(post::Timezone());
  std::vector<preview::Page> pages{{blog::blog_url(name), {}}};
  for (const auto& post : found.posts) {
    const auto day = post.changed_on.value_or(zone.day_at(post.changed_at));
    // The blog's own page is as new as its newest post.
    pages.front().changed_on = std::max(pages.front().changed_on, std::optional(day));
    pages.push_back({blog::post_url(name, post.slug), day});
  }
  return preview::sitemap(std::string(site_url), pages);
}

}  // namespace

http::Response read_feed(pg::Connection& connection, const BlogAddress& blog,
                         std::string_view site_url, const Condition& condition) {
  constexpr publishing::FeedLimits limits{static_cast<int>(preview::entries_max),
                                          static_cast<std::int64_t>(preview::content_bytes_max)};
  return page(
      connection, blog, condition, site_url,
      [&](const auto& key) { return publishing::read_feed_page(connection, key, limits); },
      [&](publishing::FeedPage& found, http::Response& response) {
        set_xml(response, "application/atom+xml; charset=utf-8", feed_of(found, site_url));
      });
}

http::Response read_sitemap(pg::Connection& connection, const BlogAddress& blog,
                            std::string_view site_url, const Condition& condition) {
  constexpr int posts_max = static_cast<int>(preview::sitemap_urls_max);
  return page(
      connection, blog, condition, site_url,
      [&](const auto& key) { return publishing::read_sitemap_page(connection, key, posts_max); },
      [&](const publishing::SitemapPage& found, http::Response& response) {
        set_xml(response, "application/xml; charset=utf-8", sitemap_of(found, site_url));
      });
}

}  // namespace devy::reading
