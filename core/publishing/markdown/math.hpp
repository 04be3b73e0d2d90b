#pragma once
// Formulas, as GitHub knows them: $…$ and $`…`$ in a line, $$…$$ in a line or on lines of its own.
// Their source stays as it was written, without emphasis, links or escapes in it, and so does that
// of ```math and ```mermaid; a class marks them for a page that typesets:
//
//   <span class="math-inline">$…$</span>      <code class="language-math"> in <pre>
//   <span class="math-display">$$…$$</span>   <code class="language-mermaid"> in <pre>
//   <div class="math-display">$$…$$</div>
//
// The element's text is the source with its dollars; $`…`$ is written as $…$. A price is no
// formula: one begins behind no letter or digit and before no space, ends behind no space and
// before no letter or digit, and has no dollar of its own in it.
//
// One document; one thread.

#include <cmark-gfm.h>

#include <deque>
#include <string>
#include <string_view>

#include "core/publishing/markdown/math_scan.hpp"
#include "core/publishing/markdown/node_html.hpp"

namespace devy::markdown {

// An attribute's name that distinguishes our own marked elements from those in an author's raw
// HTML, until the sanitiser has seen it. Nobody can write it into the text from which it is made.
class MathMark {
 public:
  explicit MathMark(std::string_view markdown);
  [[nodiscard]] const std::string& attribute() const { return attribute_; }

 private:
  std::string attribute_;
};

// An extension of cmark that finds formulas. It lives as long as the process, as cmark's own do.
[[nodiscard]] cmark_syntax_extension* math_extension();

// While it lives, the extension looks ahead in the text that cmark parses: a formula on lines of
// its own begins only where it also ends.
class MathScope {
 public:
  explicit MathScope(std::string_view markdown);
  MathScope(const MathScope&) = delete;
  MathScope& operator=(const MathScope&) = delete;
  ~MathScope();

 private:
  MathLines lines_;
};

// True for a formula, and for a fence whose language is "math" or "mermaid".
[[nodiscard]] bool is_math(cmark_node* node);

// From now on `node`, for which is_math holds, is written with its class.
void write_math(cmark_node* node, const MathMark& mark, std::deque<NodeHtml>& html);

}  // namespace devy::markdown
