#pragma once
// Applies the sanitiser's policy to elements and text as they come, from whoever read them, and
// writes what stays: behind this class nothing can reach a reader that is not listed, whatever is
// fed to it. sanitise.hpp is the way in. One document; one thread. Throws std::bad_alloc.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/markdown/element.hpp"
#include "core/markdown/html_writer.hpp"
#include "core/markdown/link_url.hpp"
#include "core/markdown/mentions.hpp"
#include "core/markdown/sanitise.hpp"

namespace devy::markdown {

// Borrowed from the reader for one call of start(). The name is in lower case, the value without
// character references.
struct Attribute {
  std::string_view name, value;
};

class Sanitiser {
 public:
  // `mentions` outlives this.
  Sanitiser(std::size_t bytes_expected, const Mentions& mentions)
      : mentions_(mentions), writer_(bytes_expected) {}

  // False when the element is unwrapped, because it is not listed or may not stand here. A start
  // that is true, and not of a void element, wants its end().
  [[nodiscard]] bool start(Element element, std::span<const Attribute> attributes);
  // False when text may not stand here, and it was not blank.
  bool text(std::string_view text);
  void end();

  [[nodiscard]] Sanitised take();

 private:
  void write_attribute(Element element, const Attribute& attribute);
  void write_classes(Element element, std::string_view names);
  void write_identifiers(std::string_view names);
  void write_page_link(std::string_view value);
  void write_resource(std::string_view name, std::string_view value);
  void write_resource_set(std::string_view set);
  [[nodiscard]] std::string without_top_prefixes(std::string_view html);
  void leave_place(const LinkUrl& url, FileLink::Use use);

  const Mentions& mentions_;
  HtmlWriter writer_;
  std::vector<FileLink> links_;

  // "#top" is the page's top for every browser, unless something there has the name: known at the
  // end only. Until then such links have the prefix; where it begins in the HTML.
  bool has_top_ = false;
  std::vector<std::size_t> links_to_top_;

  // Where names of emoji stay as they are: in code, and in a link that shows where it leads.
  std::size_t depth_ = 0, code_depth_ = 0;  // of open elements; of the outermost code, or 0
  std::string shown_address_;  // of the link that is open, before anything else begins or ends
};

}  // namespace devy::markdown
