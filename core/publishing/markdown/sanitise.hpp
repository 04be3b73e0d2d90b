#pragma once
// The one way from a post's Markdown to a reader's browser: HTML in, HTML out that holds nothing
// but listed elements, attributes, classes and URL schemes (element.hpp, sanitise_policy.hpp,
// link_url.hpp).
//
// - The text is parsed as a browser parses it, by gumbo, and written anew; no byte of markup is
//   copied. html_writer.hpp says why it reads back as the same tree. Text that is as regular as
//   what cmark makes of Markdown is read by html_scan.hpp, with the same result, in a tenth of the
//   time.
// - Ids and names get GitHub's prefix, and so do the links to them.
// - Links to other sites get rel="nofollow ugc noopener".
// - A URL that names a file of the repository leaves an empty place and a FileLink.
//
// sanitise() of its own result, its places filled with any paths, gives the same again but for
// names of emoji that a first pass left, and for the classes of formulas.
// Pure; any thread. Throws std::bad_alloc; see html_tree.hpp for gumbo's own memory.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/publishing/markdown/file_link.hpp"
#include "core/publishing/markdown/page_link.hpp"
#include "core/publishing/markdown/source_positions.hpp"

namespace devy::markdown {

struct Sanitised;

// HTML that is safe for a reader; only sanitise() creates it.
class SanitisedHtml {
 public:
  SanitisedHtml() = default;

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] std::string take() { return std::move(text_); }
  bool operator==(const SanitisedHtml&) const = default;

 private:
  friend class Sanitiser;
  friend std::vector<DeadFragment> settle_page_links(Sanitised& sanitised);
  explicit SanitisedHtml(std::string text) : text_(std::move(text)) {}

  std::string text_;
};

struct Sanitised {
  SanitisedHtml html;
  std::vector<FileLink> links;
  std::vector<PageLink> page_links;
  Anchors anchors;      // all ids and names in the HTML
  std::string problem;  // why there is no HTML (html_guard.hpp); otherwise empty
};

// `html` is cmark's output for valid UTF-8 (reader_text.hpp); `positions` has the file's path and
// the source positions, which are copied to the links.
// Only elements with the attribute `math_mark` (math.hpp) may have the classes of formulas.
[[nodiscard]] Sanitised sanitise(std::string_view html, const SourcePositions& positions,
                                 std::string_view math_mark = {});
// Makes links within the page lead to their places, now that `sanitised.anchors` has all of them;
// those that lead nowhere become text and are returned.
[[nodiscard]] std::vector<DeadFragment> settle_page_links(Sanitised& sanitised);
// The same as sanitise() with gumbo in every case, for tests that compare the two.
[[nodiscard]] Sanitised sanitise_parsed(std::string_view html, const SourcePositions& positions,
                                        std::string_view math_mark = {});

}  // namespace devy::markdown
