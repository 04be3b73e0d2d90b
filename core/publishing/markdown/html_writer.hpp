#pragma once
// Writes a tree of elements as HTML that every HTML5 parser reads back as that very tree: it knows
// where a start tag would end, move or clone what is open (WHATWG HTML, 13.2.6), and refuses to
// open an element there. All text and values are escaped here, and what no reader should get
// (reader_text.hpp) is dropped here; so nothing but Element's names ever follows a '<'.
// One document; one thread. Throws std::bad_alloc.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/publishing/markdown/element.hpp"

namespace devy::markdown {

// Deeper elements are unwrapped. Browsers flatten from 512 on; no post comes near either.
inline constexpr std::size_t element_depth_max = 256;

class HtmlWriter {
 public:
  explicit HtmlWriter(std::size_t bytes_expected) { html_.reserve(bytes_expected); }

  // True when the element may stand here; its start tag is begun then, and finish_start() must
  // follow after its attributes.
  [[nodiscard]] bool start(Element element);
  void attribute(std::string_view name, std::string_view value);
  void begin_attribute(std::string_view name);  // then its value in pieces
  void value(std::string_view piece);
  void end_attribute() { html_ += '"'; }
  void finish_start();
  // Ends the innermost open element, which is not void.
  void end();
  // False when text may not stand here, and it was not blank.
  bool text(std::string_view text);

  [[nodiscard]] std::size_t size() const { return html_.size(); }
  [[nodiscard]] std::string take() { return std::move(html_); }

 private:
  [[nodiscard]] bool fits(Element element) const;
  [[nodiscard]] bool fits_list(Element element) const;
  [[nodiscard]] bool has_in_scope(Element element) const;
  [[nodiscard]] Element innermost() const {
    return open_.empty() ? Element::unwrapped : open_.back();
  }
  void escaped(std::string_view text, bool in_value);

  std::string html_;
  std::vector<Element> open_;
  Element starting_ = Element::unwrapped;
  bool begins_pre_ = false;  // a line feed here would be dropped by the parser
};

}  // namespace devy::markdown
