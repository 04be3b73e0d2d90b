#include "core/publishing/preview/sitemap.hpp"

#include <algorithm>

#include "core/platform/base/time_text.hpp"
#include "core/publishing/preview/xml_text.hpp"

namespace devy::preview {

std::string sitemap(const std::string& origin, const std::vector<Page>& pages) {
  constexpr std::string_view end = "</urlset>\n";
  std::string xml =
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
      "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n";
  const auto count = std::min(pages.size(), sitemap_urls_max);
  for (std::size_t i = 0; i < count; ++i) {
    const auto& page = pages[i];
    std::string url = "<url><loc>" + xml_text(origin + page.url) + "</loc>";
    if (page.changed_on) url += "<lastmod>" + base::format_day(*page.changed_on) + "</lastmod>";
    url += "</url>\n";
    if (xml.size() + url.size() + end.size() > sitemap_bytes_max) break;
    xml += url;
  }
  return xml.append(end);
}

}  // namespace devy::preview
