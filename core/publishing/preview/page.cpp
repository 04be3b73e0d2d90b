#include "core/publishing/preview/page.hpp"

#include <algorithm>
#include <cstddef>

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/percent.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/publishing/preview/style.hpp"

namespace devy::preview {
namespace {

constexpr std::size_t part_bytes_max = 255;  // NAME_MAX of every usual file system
constexpr std::size_t slug_bytes_max = 1024;

// base-uri and form-action have no fallback to default-src.
constexpr std::string_view head = R"html(
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; )html"
                                  R"html(img-src 'self' file: https: data:; )html"
                                  R"html(style-src 'unsafe-inline'; base-uri 'none'; )html"
                                  R"html(form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
)html";

bool is_unreserved(char byte) {
  return base::is_letter_or_digit(byte) || std::string_view("-_./").find(byte) != std::string::npos;
}

// Percent-encoded, so that no slug can be read as a scheme, a query or the end of an attribute.
std::string url_of(std::string_view path) {
  std::string url;
  for (const char byte : path) {
    if (is_unreserved(byte)) url += byte;
    else base::append_percent_encoded(url, byte);
  }
  return url;
}

std::string url_of_post(std::string_view slug) {
  return std::string(posts_folder) + url_of(slug) + "/" + std::string(index_path);
}

std::string_view title_of(const Entry& entry) {
  return entry.title.empty() ? entry.slug : entry.title;
}

// "dir" keeps a title's direction, and any override in it, to itself.
std::string element(std::string_view tag, std::string_view text) {
  const std::string name(tag);
  return "<" + name + " dir=\"auto\">" + escape_html(text) + "</" + name + ">\n";
}

// A link to the heading that became the title arrives here.
std::string title_element(const Entry& entry) {
  auto title = element("h1", title_of(entry));
  if (entry.title_id.empty()) return title;
  return title.insert(std::string_view("<h1 ").size(),
                      "id=\"" + escape_html(entry.title_id) + "\" ");
}

std::string beginning(std::string_view title, const std::optional<std::string>& lang,
                      std::string_view links = {}) {
  std::string html = "<!doctype html>\n<html";
  if (lang) html += " lang=\"" + escape_html(*lang) + "\"";
  return html + ">" + std::string(head) + "<title>" + escape_html(title) + "</title>\n" +
         std::string(links) + std::string(style) + "</head>\n<body>\n";
}

std::string feed_link(std::string_view title, std::string_view way) {
  return R"(<link rel="alternate" type="application/atom+xml" title=")" + escape_html(title) +
         "\" href=\"" + std::string(way) + std::string(feed_path) + "\">\n";
}

std::string facts(const Entry& entry) {
  const auto date = base::format_day(entry.day);
  std::string html = R"(<p class="facts"><time datetime=")" + date + "\">" + date + "</time>";
  if (entry.is_draft) html += R"( <span class="draft">Draft</span>)";
  if (!entry.authors.empty()) {
    html += R"( · <span class="authors" dir="auto">)";
    for (std::size_t i = 0; i < entry.authors.size(); ++i)
      html += (i == 0 ? "" : ", ") + escape_html(entry.authors[i]);
    html += "</span>";
  }
  if (entry.reading_minutes > 0)
    html += " · " + std::to_string(entry.reading_minutes) + " min read";
  for (const auto& tag : entry.tags)
    html += R"( <span class="tag" dir="auto">)" + escape_html(tag) + "</span>";
  return html + "</p>\n";
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string html;
  html.reserve(text.size());
  for (const char byte : text) {
    switch (byte) {
      case '&': html += "&amp;"; break;
      case '<': html += "&lt;"; break;
      case '>': html += "&gt;"; break;
      case '"': html += "&quot;"; break;
      case '\'': html += "&#39;"; break;
      default: html += byte; break;
    }
  }
  return html;
}

std::optional<std::string> page_path(std::string_view slug) {
  if (slug.empty() || slug.size() > slug_bytes_max) return std::nullopt;
  for (std::size_t begin = 0; begin <= slug.size();) {
    const auto end = std::min(slug.find('/', begin), slug.size());
    const auto part = slug.substr(begin, end - begin);
    // A folder with the name of the page file would take the place of the page of the slug above
    // it.
    if (part.empty() || part == "." || part == ".." || part == index_path ||
        part.size() > part_bytes_max || part.find('\0') != std::string_view::npos)
      return std::nullopt;
    begin = end + 1;
  }
  return std::string(posts_folder) + std::string(slug) + "/" + std::string(index_path);
}

std::string way_up(std::string_view slug) {
  std::string way = "../../";
  for (auto left = std::ranges::count(slug, '/'); left > 0; --left)
    way += "../";
  return way;
}

std::string index_page(const Site& site, const std::vector<Entry>& entries) {
  std::string html =
      beginning(site.title, std::nullopt, feed_link(site.title, "")) + element("h1", site.title);
  if (!site.description.empty())
    html += "<header>\n" + element("p", site.description) + "</header>\n";
  if (entries.empty()) return html + "<p>No posts.</p>\n</body>\n</html>\n";
  html += "<ul class=\"posts\">\n";
  for (const auto& entry : entries) {
    html += "<li>\n<h2><a dir=\"auto\" href=\"" + url_of_post(entry.slug) + "\">" +
            escape_html(title_of(entry)) + "</a></h2>\n" + facts(entry);
    if (!entry.summary.empty()) html += element("p", entry.summary);
    html += "</li>\n";
  }
  return html + "</ul>\n</body>\n</html>\n";
}

std::string post_page(const Site& site, const Entry& entry, std::string_view html) {
  const auto home = R"(<a dir="auto" href=")" + way_up(entry.slug) + std::string(index_path) +
                    "\">" + escape_html(site.title) + "</a>";
  std::string page = beginning(std::string(title_of(entry)) + " · " + site.title, entry.lang,
                               feed_link(site.title, way_up(entry.slug)));
  page += "<header>" + home + "</header>\n<article>\n" + title_element(entry) + facts(entry);
  if (entry.cover)
    page += R"(<p><img class="cover" alt="" src=")" + escape_html(*entry.cover) + "\"></p>\n";
  page += html;
  return page + "\n</article>\n<footer><p>" + home + "</p></footer>\n</body>\n</html>\n";
}

std::string redirect_page(std::string_view old_slug, const Entry& target) {
  const auto url = way_up(old_slug) + url_of_post(target.slug);
  return "<!doctype html>\n<html>" + std::string(head) +
         R"(<meta http-equiv="refresh" content="0; url=)" + url + "\">\n<title>" +
         escape_html(title_of(target)) + "</title>\n</head>\n<body>\n" +
         R"(<p>This post moved: <a dir="auto" href=")" + url + "\">" +
         escape_html(title_of(target)) + "</a></p>\n</body>\n</html>\n";
}

}  // namespace devy::preview
