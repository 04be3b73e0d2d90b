#include "core/publishing/preview/atom.hpp"

#include <algorithm>

#include "core/platform/base/time_text.hpp"
#include "core/publishing/preview/html_urls.hpp"
#include "core/publishing/preview/xml_text.hpp"

namespace devy::preview {
namespace {

std::string xml_element(std::string_view name, std::string_view text) {
  const std::string tag(name);
  return "<" + tag + ">" + xml_text(text) + "</" + tag + ">\n";
}

std::string link(std::string_view relation, std::string_view url, std::string_view type) {
  return "<link rel=\"" + std::string(relation) + "\" type=\"" + std::string(type) + "\" href=\"" +
         xml_text(url) + "\"/>\n";
}

std::string person(std::string_view name) {
  return "<author>" + ("<name>" + xml_text(name)) + "</name></author>\n";
}

// An entry is as new as its last revision; one that lies before its date is a slip of the pen.
base::TimePoint changed_at(const FeedEntry& entry) {
  const auto published = moment_of(entry.published);
  return entry.revised ? std::max(published, moment_of(*entry.revised)) : published;
}

std::string absolute(std::string_view html, const std::string& origin) {
  return change_urls(html, [&](std::string_view url) -> std::optional<std::string> {
    if (!url.starts_with('/') || url.starts_with("//")) return std::nullopt;
    return xml_text(origin) + std::string(url);
  });
}

void append_entry(std::string& xml, const Channel& channel, const FeedEntry& entry,
                  std::string_view content) {
  const auto url = channel.origin + entry.url;
  xml += "<entry";
  if (entry.lang) xml += " xml:lang=\"" + xml_text(*entry.lang) + "\"";
  xml += ">\n" + xml_element("id", "urn:uuid:" + entry.id) + xml_element("title", entry.title) +
         link("alternate", url, "text/html") +
         xml_element("published", base::format_rfc3339(moment_of(entry.published))) +
         xml_element("updated", base::format_rfc3339(changed_at(entry)));
  for (const auto& author : entry.authors)
    xml += person(author);
  for (const auto& tag : entry.tags)
    xml += "<category term=\"" + xml_text(tag) + "\"/>\n";
  // An entry needs one of the two (RFC 4287, 4.1.2 and 4.2.13).
  if (!entry.summary.empty() || content.empty()) xml += xml_element("summary", entry.summary);
  if (!content.empty())
    xml += "<content type=\"html\" xml:base=\"" + xml_text(url) + "\">" + xml_text(content) +
           "</content>\n";
  xml += "</entry>\n";
}

}  // namespace

base::TimePoint moment_of(const Date& date) {
  return date.day ? *date.day + std::chrono::hours{12} : date.at;
}

std::string atom_feed(const Channel& channel, const std::vector<FeedEntry>& entries) {
  const auto count = std::min(entries.size(), entries_max);
  auto updated = channel.changed_at;
  for (std::size_t i = 0; i < count; ++i)
    updated = i == 0 ? changed_at(entries[i]) : std::max(updated, changed_at(entries[i]));
  std::string xml = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";
  xml += "<feed xmlns=\"http://www.w3.org/2005/Atom\">\n";
  xml += xml_element("id", "urn:uuid:" + channel.id) + xml_element("title", channel.title);
  if (!channel.subtitle.empty()) xml += xml_element("subtitle", channel.subtitle);
  xml += link("self", channel.origin + channel.feed_url, "application/atom+xml") +
         link("alternate", channel.origin + channel.url, "text/html") +
         xml_element("updated", base::format_rfc3339(updated)) + person(channel.author) +
         xml_element("generator", "devy-upload");
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const bool fits = bytes + entries[i].html.size() <= content_bytes_max;
    if (fits) bytes += entries[i].html.size();
    append_entry(xml, channel, entries[i],
                 fits ? absolute(entries[i].html, channel.origin) : std::string());
  }
  return xml + "</feed>\n";
}

}  // namespace devy::preview
