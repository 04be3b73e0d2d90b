#include "core/publishing/plan/link_places.hpp"

#include <algorithm>

#include "core/platform/base/error.hpp"

namespace devy::plan {
namespace {

using markdown::FileLink;

[[noreturn]] void throw_misplaced() {
  throw base::Error(base::ErrorKind::internal,
                    "unable to fill in links: a place is not in the post's HTML");
}

// An attribute in the HTML, from the blank before its name to behind its closing quote.
struct Attribute {
  std::size_t begin = 0, end = 0;
};

// The sanitiser quotes every value and escapes every quote inside, so the nearest ones bound it.
Attribute attribute_around(std::string_view html, std::size_t offset) {
  if (offset == 0 || offset >= html.size()) throw_misplaced();
  const auto open = html.rfind('"', offset - 1);
  const auto close = html.find('"', offset);
  if (open == std::string_view::npos || close == std::string_view::npos) throw_misplaced();
  const auto begin = html.rfind(' ', open);
  if (begin == std::string_view::npos) throw_misplaced();
  return {begin, close + 1};
}

// Copies HTML from where it stopped, by offsets of the source.
class Copy {
 public:
  explicit Copy(std::string_view source) : source_(source) {}
  void until(std::size_t offset) {
    if (offset < at_ || offset > source_.size()) throw_misplaced();
    target_.append(source_, at_, offset - at_);
    at_ = offset;
  }
  void skip(std::size_t bytes) {
    if (bytes > source_.size() - at_) throw_misplaced();
    at_ += bytes;
  }
  void insert(std::string_view text) { target_ += text; }
  [[nodiscard]] std::string finish() {
    until(source_.size());
    return std::move(target_);
  }
  [[nodiscard]] std::size_t at() const { return at_; }

 private:
  std::string_view source_;
  std::string target_;
  std::size_t at_ = 0;
};

}  // namespace

PostLinks fill_places(std::string& html, const std::vector<FileLink>& links,
                      const Resolve& resolve) {
  PostLinks result;
  if (links.empty()) return result;
  result.links.reserve(std::min(links.size(), links_max));
  Copy copy(html);
  for (std::size_t first = 0, last = 0; first < links.size(); first = last) {
    const auto attribute = attribute_around(html, links[first].offset);
    if (attribute.begin < copy.at()) throw_misplaced();
    while (last < links.size() && links[last].offset < attribute.end)
      ++last;
    const bool is_kept = last <= links_max;
    const auto resolved = result.links.size();
    bool is_whole = is_kept;
    for (auto i = first; i < last && is_kept; ++i) {
      auto& link = result.links.emplace_back(
          ResolvedLink{links[i], resolve(links[i].use, links[i].target).url});
      is_whole = is_whole && link.url.has_value();
    }
    if (!is_whole) {
      copy.until(attribute.begin);
      const auto bytes = attribute.end - attribute.begin;
      if (is_kept)
        result.taken_out.push_back(
            {static_cast<std::uint32_t>(attribute.begin), html.substr(attribute.begin, bytes)});
      copy.skip(bytes);
      continue;
    }
    for (auto i = resolved; i < result.links.size(); ++i) {
      copy.until(result.links[i].link.offset);
      copy.insert(*result.links[i].url);
    }
  }
  html = copy.finish();
  return result;
}

std::string empty_places(std::string_view html, const PostLinks& links) {
  // Offsets are of the result, so the source's are those less what was taken out plus what was put
  // in so far.
  Copy copy(html);
  std::size_t inserted = 0, removed = 0;
  auto link = links.links.begin();
  const auto read_urls_until = [&](std::size_t offset) {
    for (; link != links.links.end() && link->link.offset < offset; ++link) {
      if (!link->url) throw_misplaced();
      copy.until(link->link.offset + inserted - removed);
      copy.skip(link->url->size());
      inserted += link->url->size();
    }
  };
  for (const auto& attribute : links.taken_out) {
    read_urls_until(attribute.offset);
    copy.until(attribute.offset + inserted - removed);
    copy.insert(attribute.text);
    removed += attribute.text.size();
    while (link != links.links.end() &&
           link->link.offset < attribute.offset + attribute.text.size())
      ++link;
  }
  read_urls_until(std::string_view::npos);
  return copy.finish();
}

bool still_hold(const PostLinks& links, const Resolve& resolve) {
  const auto holds = [&](const ResolvedLink& link) {
    return resolve(link.link.use, link.link.target).url == link.url;
  };
  return std::ranges::all_of(links.links, holds) &&
         (!links.cover ||
          resolve(FileLink::Use::resource, links.cover->target).url == links.cover->url);
}

}  // namespace devy::plan
