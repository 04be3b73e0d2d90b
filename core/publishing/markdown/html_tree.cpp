#include "core/publishing/markdown/html_tree.hpp"

#include <gumbo.h>

#include <algorithm>
#include <array>
#include <deque>
#include <string>

#include "core/platform/base/safe_text.hpp"
#include "core/publishing/markdown/arena.hpp"
#include "core/publishing/markdown/element.hpp"
#include "core/publishing/markdown/sanitiser.hpp"

namespace devy::markdown {
namespace {

// Most pieces of HTML are short.
constexpr std::size_t chunk_bytes = 65'536;

// gumbo reads what it never wrote of its own state: were the memory not zeroed, the tree of a text
// would depend on what was there before.
void* allocate(void* memory, std::size_t bytes) {
  return static_cast<Arena*>(memory)->allocate_or_exit(bytes);
}

void release(void*, void*) {}

// For a tag that the parser does not know, this uses the name as it was written.
Element unknown_element(const GumboElement& element) {
  GumboStringPiece name = element.original_tag;
  gumbo_tag_from_original_text(&name);
  return std::string_view(name.data, name.length) == "picture" ? Element::picture
                                                               : Element::unwrapped;
}

Element element_of(const GumboElement& element) {
  static const auto by_tag = [] {
    std::array<Element, GUMBO_TAG_LAST + 1> table{};
    for (std::size_t tag = 0; tag < table.size(); ++tag)
      table[tag] = element_named(gumbo_normalized_tagname(static_cast<GumboTag>(tag)));
    return table;
  }();
  if (element.tag_namespace != GUMBO_NAMESPACE_HTML) return Element::removed;
  if (element.tag == GUMBO_TAG_UNKNOWN) return unknown_element(element);
  return by_tag[element.tag];
}

// gumbo lets "&#x80000080;" overflow and writes what is no UTF-8: bytes of it become U+FFFD, in
// `repaired`.
std::string_view as_utf8(std::string_view text, std::string& repaired) {
  std::size_t good = 0;
  while (good < text.size()) {
    const auto length = base::utf8_length(text.substr(good, 4));
    if (length == 0) break;
    good += length;
  }
  if (good == text.size()) return text;
  repaired.assign(text, 0, good);
  for (text.remove_prefix(good); !text.empty();) {
    const auto length = base::utf8_length(text.substr(0, 4));
    repaired += length == 0 ? std::string_view("\xef\xbf\xbd") : text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return repaired;
}

// An element whose children are being walked.
struct Level {
  const GumboVector* children = nullptr;
  unsigned int next = 0;
  bool is_open = false;  // in the output
};

class Walk {
 public:
  explicit Walk(Sanitiser& out) : out_(out) {}

  void from(const GumboNode& root) {
    levels_.push_back({&root.v.element.children, 0, false});
    while (!levels_.empty()) {
      Level& level = levels_.back();
      if (level.next < level.children->length) {
        enter(*static_cast<const GumboNode*>(level.children->data[level.next++]));
        continue;
      }
      if (level.is_open) out_.end();
      levels_.pop_back();
    }
  }

 private:
  void enter(const GumboNode& node) {
    if (node.type == GUMBO_NODE_TEXT || node.type == GUMBO_NODE_WHITESPACE)
      out_.text(as_utf8(node.v.text.text, repaired_text_));
    if (node.type != GUMBO_NODE_ELEMENT) return;  // comments and such
    const GumboElement& source = node.v.element;
    const Element element = element_of(source);
    if (element == Element::removed) return;
    attributes_.clear();
    repaired_values_.clear();
    for (unsigned int i = 0; i < source.attributes.length; ++i) {
      const auto& attribute = *static_cast<const GumboAttribute*>(source.attributes.data[i]);
      attributes_.push_back(
          {attribute.name, as_utf8(attribute.value, repaired_values_.emplace_back())});
    }
    const bool is_written = out_.start(element, attributes_);
    if (is_written && traits_of(element).is_void) return;
    levels_.push_back({&source.children, 0, is_written});
  }

  Sanitiser& out_;
  std::vector<Level> levels_;
  std::vector<Attribute> attributes_;  // of one element at a time
  std::deque<std::string> repaired_values_;
  std::string repaired_text_;
};

}  // namespace

void walk_html(std::string_view html, Sanitiser& out) {
  Arena memory(chunk_bytes);
  GumboOptions options = kGumboDefaultOptions;
  options.allocator = allocate;
  options.deallocator = release;
  options.userdata = &memory;
  options.max_errors = 0;
  options.fragment_context = GUMBO_TAG_BODY;
  Walk(out).from(*gumbo_parse_with_options(&options, html.data(), html.size())->root);
}

}  // namespace devy::markdown
