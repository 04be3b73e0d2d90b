#pragma once
// Applies the sanitiser's policy to elements and text as a reader passes them in, and writes what
// is allowed: only listed items can pass this class, whatever it is given. sanitise.hpp is the
// interface for other code. One document; one thread. Throws std::bad_alloc.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/publishing/markdown/element.hpp"
#include "core/publishing/markdown/html_writer.hpp"
#include "core/publishing/markdown/link_url.hpp"
#include "core/publishing/markdown/sanitise.hpp"
#include "core/publishing/markdown/source_positions.hpp"

namespace devy::markdown {

// Borrowed from the reader for one call of start(). The name is in lower case, the value has its
// character references decoded.
struct Attribute {
  std::string_view name, value;
};

class Sanitiser {
 public:
  // `positions` and `math_mark` (sanitise.hpp) must outlive this object.
  Sanitiser(std::size_t bytes_expected, const SourcePositions& positions,
            std::string_view math_mark)
      : positions_(positions), math_mark_(math_mark), writer_(bytes_expected) {}

  // Returns false when the element is unwrapped, because it is not listed or may not stand here. A
  // start that returned true, unless for a void element, must be followed by its end().
  [[nodiscard]] bool start(Element element, std::span<const Attribute> attributes);
  // Returns false when text may not stand here and it was not blank.
  bool text(std::string_view text);
  void end();

  [[nodiscard]] Sanitised take();

 private:
  void write_attribute(Element element, const Attribute& attribute);
  void write_classes(Element element, std::string_view names);
  void write_identifiers(std::string_view names);
  void write_page_link(std::string_view value);
  void write_fragment(const LinkUrl& url);
  void write_resource(std::string_view name, std::string_view value);
  void write_resource_set(std::string_view set);
  [[nodiscard]] std::string without_top_prefixes(std::string_view html);
  void leave_place(const LinkUrl& url, FileLink::Use use);
  [[nodiscard]] Place next_place(const std::string& key);

  const SourcePositions& positions_;
  std::string_view math_mark_;
  bool is_math_ = false;  // the element that is being started
  HtmlWriter writer_;
  std::vector<FileLink> links_;
  std::vector<PageLink> page_links_;
  Anchors anchors_;
  // How often each target was met: the next one is at its next place.
  std::unordered_map<std::string, std::size_t> met_;

  // "#top" means the page's top in every browser, unless an element has that name, which is known
  // only at the end. Until then such links have the prefix; this stores where it begins in the
  // HTML.
  bool has_top_ = false;
  std::vector<std::size_t> links_to_top_;

  // Emoji names stay unchanged in code and formulas, and in a link whose text is its address.
  // Depth of open elements; depth of the outermost code element, or 0.
  std::size_t depth_ = 0, code_depth_ = 0;
  std::size_t page_link_depth_ = 0;  // of the open link to this page, or 0
  std::string shown_address_;        // of the open link, until anything else begins or ends
};

}  // namespace devy::markdown
