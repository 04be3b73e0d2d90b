#include "core/publishing/markdown/sanitise.hpp"

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
    return {{}, {}, std::move(problem)};
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
