#include "core/publishing/markdown/sanitise.hpp"

#include <cstddef>
#include <cstdint>

#include "core/publishing/markdown/html_foreign.hpp"
#include "core/publishing/markdown/html_guard.hpp"
#include "core/publishing/markdown/html_scan.hpp"
#include "core/publishing/markdown/html_tree.hpp"
#include "core/publishing/markdown/reader_text.hpp"
#include "core/publishing/markdown/sanitiser.hpp"

namespace devy::markdown {
namespace {

// The result is mostly as long as the source; ids and rel add some.
std::size_t bytes_expected(std::string_view html) {
  return html.size() + html.size() / 8;
}

Sanitised parsed(std::string_view html, const SourcePositions& positions,
                 std::string_view math_mark) {
  const auto without = without_foreign(html);
  const std::string_view parsable = without ? *without : html;
  if (auto problem = problem_before_parsing(parsable); !problem.empty())
    return {{}, {}, {}, {}, std::move(problem)};
  Sanitiser sanitiser(bytes_expected(parsable), positions, math_mark);
  walk_html(parsable, sanitiser);
  return sanitiser.take();
}

Sanitised scanned_or_parsed(std::string_view html, const SourcePositions& positions,
                            std::string_view math_mark) {
  Sanitiser sanitiser(bytes_expected(html), positions, math_mark);
  if (scan_html(html, sanitiser)) return sanitiser.take();
  return parsed(html, positions, math_mark);
}

}  // namespace

std::vector<DeadFragment> settle_page_links(Sanitised& sanitised) {
  std::vector<DeadFragment> dead;
  const auto edits = find_edits(sanitised.page_links, sanitised.anchors, dead);
  if (edits.empty()) return dead;
  const std::string html = sanitised.html.take();
  std::string edited;
  edited.reserve(html.size());
  std::size_t done = 0;
  auto link = sanitised.links.begin();
  const auto move_links = [&](std::size_t end) {
    for (; link != sanitised.links.end() && link->offset < end; ++link)
      link->offset = static_cast<std::uint32_t>(link->offset - done + edited.size());
  };
  for (const auto& edit : edits) {
    move_links(edit.offset);
    edited.append(html, done, edit.offset - done).append(edit.text);
    done = edit.offset + edit.bytes;
  }
  move_links(html.size());
  edited.append(html, done);
  sanitised.html = SanitisedHtml(std::move(edited));
  return dead;
}

Sanitised sanitise_parsed(std::string_view html, const SourcePositions& positions,
                          std::string_view math_mark) {
  const auto parsable = without_unparsable(html);
  return parsed(parsable ? *parsable : html, positions, math_mark);
}

Sanitised sanitise(std::string_view html, const SourcePositions& positions,
                   std::string_view math_mark) {
  const auto parsable = without_unparsable(html);
  return scanned_or_parsed(parsable ? *parsable : html, positions, math_mark);
}

}  // namespace devy::markdown
