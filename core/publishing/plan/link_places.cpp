#include "core/publishing/plan/link_places.hpp"

#include <algorithm>
#include <span>

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

// The tags of a link, which cannot be nested. '<' and '>' are escaped wherever they are no tag's.
struct Element {
  std::size_t begin = 0, end = 0, close_begin = 0;
  bool is_anchor = false;
};

constexpr std::string_view link_tag = "<a ", link_end_tag = "</a>";

std::optional<Element> link_around(std::string_view html, const Attribute& attribute) {
  const auto begin = html.rfind('<', attribute.begin);
  const auto end = html.find('>', attribute.end);
  if (begin == std::string_view::npos || end == std::string_view::npos) return std::nullopt;
  const auto tag = html.substr(begin, end + 1 - begin);
  const auto close = html.find(link_end_tag, end);
  if (!tag.starts_with(link_tag) || close == std::string_view::npos) return std::nullopt;
  const bool is_anchor = tag.find(" id=\"") != std::string_view::npos ||
                         tag.find(" name=\"") != std::string_view::npos;
  return Element{begin, end + 1, close, is_anchor};
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

FileLink link_of(const Cover& cover) {
  FileLink link;
  link.use = FileLink::Use::resource;
  link.target = cover.target;
  link.is_rooted = cover.is_rooted;
  link.line = cover.line;
  link.column = cover.column;
  return link;
}

namespace {

// Fills the places of one page, attribute by attribute.
class Filling {
 public:
  Filling(const std::string& html, const Resolve& resolve)
      : html_(html), resolve_(resolve), copy_(html) {}

  // `group` are the links in one attribute.
  void fill(std::span<const FileLink> group, bool is_kept) {
    const auto attribute = attribute_around(html_, group.front().offset);
    close_before(attribute.begin);
    if (attribute.begin < copy_.at()) throw_misplaced();
    const auto first = result_.links.size();
    bool is_whole = is_kept;
    for (const auto& link : group)
      if (is_kept) is_whole = add(link) && is_whole;
    if (!is_whole) return remove(attribute, group.front().use, is_kept);
    for (auto i = first; i < result_.links.size(); ++i) {
      copy_.until(result_.links[i].link.offset);
      copy_.insert(*result_.links[i].url);
    }
  }

  PostLinks finish(std::string& html) {
    close_before(html_.size());
    html = copy_.finish();
    return std::move(result_);
  }

 private:
  bool add(const FileLink& link) {
    auto resolution = resolve_(link);
    const bool is_alive = resolution.url.has_value();
    if (!resolution.asset.empty()) result_.assets.push_back(std::move(resolution.asset));
    if (!link.fragment.empty() && !resolution.post.empty())
      result_.fragment_posts.push_back(std::move(resolution.post));
    result_.links.push_back({link, std::move(resolution.url)});
    return is_alive;
  }

  void remove(const Attribute& attribute, FileLink::Use use, bool is_kept) {
    const auto element = use == FileLink::Use::page ? link_around(html_, attribute) : std::nullopt;
    if (!element || element->is_anchor || element->begin < copy_.at())
      return remove_text(attribute.begin, attribute.end, is_kept);
    remove_text(element->begin, element->end, is_kept);
    closes_.push_back({element->close_begin, is_kept});
  }

  // Offsets are those of the HTML without URLs, which lacks what is taken out and not kept.
  void remove_text(std::size_t begin, std::size_t end, bool is_kept) {
    copy_.until(begin);
    if (is_kept)
      result_.taken_out.push_back(
          {static_cast<std::uint32_t>(begin - lost_), html_.substr(begin, end - begin)});
    else lost_ += end - begin;
    copy_.skip(end - begin);
  }

  void close_before(std::size_t offset) {
    if (closes_.empty() || closes_.back().offset >= offset) return;
    const auto close = closes_.back();
    closes_.pop_back();
    remove_text(close.offset, close.offset + link_end_tag.size(), close.is_kept);
  }

  struct Close {
    std::size_t offset = 0;
    bool is_kept = true;
  };

  const std::string& html_;
  const Resolve& resolve_;
  Copy copy_;
  PostLinks result_;
  std::vector<Close> closes_;  // at most one: links are not nested
  std::size_t lost_ = 0;
};

}  // namespace

PostLinks fill_places(std::string& html, const std::vector<FileLink>& links,
                      const Resolve& resolve) {
  if (links.empty()) return {};
  const std::string source = std::move(html);
  Filling filling(source, resolve);
  for (std::size_t first = 0, last = 0; first < links.size(); first = last) {
    const auto attribute = attribute_around(source, links[first].offset);
    while (last < links.size() && links[last].offset < attribute.end)
      ++last;
    if (last == first) throw_misplaced();
    filling.fill(std::span(links).subspan(first, last - first), last <= links_max);
  }
  return filling.finish(html);
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
  const auto holds = [&](const ResolvedLink& link) { return resolve(link.link).url == link.url; };
  return std::ranges::all_of(links.links, holds) &&
         (!links.cover || resolve(link_of(*links.cover)).url == links.cover->url);
}

}  // namespace devy::plan
