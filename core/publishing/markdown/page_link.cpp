#include "core/publishing/markdown/page_link.hpp"

#include <string_view>

#include "core/publishing/markdown/link_url.hpp"

namespace devy::markdown {
namespace {

constexpr std::string_view end_tag = "</a>";

void remove_link(const PageLink& link, std::vector<HtmlEdit>& edits) {
  if (link.is_anchor) {
    edits.push_back({link.attribute_begin, link.attribute_end - link.attribute_begin, {}});
    return;
  }
  edits.push_back({link.tag_begin, link.tag_end - link.tag_begin, {}});
  edits.push_back({link.close_begin, end_tag.size(), {}});
}

}  // namespace

std::vector<HtmlEdit> find_edits(const std::vector<PageLink>& links, const Anchors& anchors,
                                 std::vector<DeadFragment>& dead) {
  std::vector<HtmlEdit> edits;
  for (const auto& link : links) {
    const auto value_bytes = link.attribute_end - 1 - link.value_begin;
    if (const auto id = find_anchor(anchors, link.fragment)) {
      const bool is_as_written =
          link.fragment == *id || prefixed_id(link.fragment) == prefixed_id(*id);
      if (!is_as_written)
        edits.push_back({link.value_begin, value_bytes, '#' + prefixed_id(encode_anchor(*id))});
      continue;
    }
    if (is_on_every_page(link.fragment)) {
      if (link.fragment.starts_with(':'))
        edits.push_back({link.value_begin, value_bytes, '#' + encode_anchor(link.fragment)});
      continue;
    }
    dead.push_back({link.fragment, link.place});
    remove_link(link, edits);
  }
  return edits;
}

}  // namespace devy::markdown
