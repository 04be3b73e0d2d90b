#include "core/markdown/sanitise.hpp"

#include <gumbo.h>

#include <array>
#include <cstdint>

#include "core/markdown/element.hpp"
#include "core/markdown/html_tree.hpp"
#include "core/markdown/html_writer.hpp"
#include "core/markdown/link_url.hpp"
#include "core/markdown/sanitise_policy.hpp"

namespace devy::markdown {
namespace {

constexpr std::string_view blanks = " \t\n\f\r";

std::string_view take_word(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  const auto word = text.substr(0, text.find_first_of(blanks));
  text.remove_prefix(word.size());
  return word;
}

// Of a tag the parser does not know, the name as it was written.
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

std::string_view attribute_of(const GumboElement& element, const char* name) {
  const auto* attribute = gumbo_get_attribute(&element.attributes, name);
  return attribute == nullptr ? std::string_view() : attribute->value;
}

}  // namespace

class Sanitiser {
 public:
  Sanitiser(std::string_view html, const Mentions& mentions)
      : mentions_(mentions), writer_(html.size() + html.size() / 8) {}

  void walk(const GumboNode& root);
  [[nodiscard]] Sanitised take() { return {SanitisedHtml(writer_.take()), std::move(links_)}; }

 private:
  // An element whose children are being walked.
  struct Level {
    const GumboVector* children = nullptr;
    unsigned int next = 0;
    bool is_open = false;  // in the output
  };

  void enter(const GumboNode& node);
  [[nodiscard]] bool start(Element element, const GumboElement& source);
  void write_attribute(Element element, std::string_view name, std::string_view value);
  void write_classes(Element element, std::string_view names);
  void write_identifiers(std::string_view names);
  void write_page_link(std::string_view value);
  void write_resource(std::string_view name, std::string_view value);
  void write_resource_set(std::string_view set);
  void leave_place(const LinkUrl& url, FileLink::Use use);

  const Mentions& mentions_;
  HtmlWriter writer_;
  std::vector<FileLink> links_;
  std::vector<Level> levels_;
};

void Sanitiser::walk(const GumboNode& root) {
  levels_.push_back({&root.v.element.children, 0, false});
  while (!levels_.empty()) {
    Level& level = levels_.back();
    if (level.next < level.children->length) {
      enter(*static_cast<const GumboNode*>(level.children->data[level.next++]));
      continue;
    }
    if (level.is_open) writer_.end();
    levels_.pop_back();
  }
}

void Sanitiser::enter(const GumboNode& node) {
  if (node.type == GUMBO_NODE_TEXT || node.type == GUMBO_NODE_WHITESPACE)
    return writer_.text(node.v.text.text);
  if (node.type != GUMBO_NODE_ELEMENT) return;  // comments and such
  const GumboElement& source = node.v.element;
  const Element element = element_of(source);
  if (element == Element::removed) return;
  const bool is_written = element != Element::unwrapped && start(element, source);
  if (is_written && traits_of(element).is_void) return;
  levels_.push_back({&source.children, 0, is_written});
}

bool Sanitiser::start(Element element, const GumboElement& source) {
  // Readers write no forms here, and authors make no sections: only cmark-gfm makes these two.
  if (element == Element::section && attribute_of(source, "class") != "footnotes") return false;
  if (element == Element::input && (attribute_of(source, "type") != "checkbox" ||
                                    gumbo_get_attribute(&source.attributes, "disabled") == nullptr))
    return false;
  if (!writer_.start(element)) return false;
  if (element == Element::input) {
    writer_.attribute("type", "checkbox");
    if (gumbo_get_attribute(&source.attributes, "checked") != nullptr)
      writer_.attribute("checked", "");
    writer_.attribute("disabled", "");
  }
  const GumboVector& attributes = source.attributes;
  for (unsigned int i = 0; i < attributes.length; ++i) {
    const auto& attribute = *static_cast<const GumboAttribute*>(attributes.data[i]);
    write_attribute(element, attribute.name, attribute.value);
  }
  writer_.finish_start();
  return true;
}

void Sanitiser::write_attribute(Element element, std::string_view name, std::string_view value) {
  switch (kind_of(element, name)) {
    case AttributeKind::dropped: return;
    case AttributeKind::text: return writer_.attribute(name, value);
    case AttributeKind::empty: return writer_.attribute(name, "");
    case AttributeKind::identifier:
      if (!value.empty()) writer_.attribute(name, prefixed_id(value));
      return;
    case AttributeKind::identifiers:
      writer_.begin_attribute(name);
      write_identifiers(value);
      return writer_.end_attribute();
    case AttributeKind::classes: return write_classes(element, value);
    case AttributeKind::page_link: return write_page_link(value);
    case AttributeKind::resource: return write_resource(name, value);
    case AttributeKind::resource_set: return write_resource_set(value);
    case AttributeKind::reference: {
      const auto url = parse_link_url(value, mentions_.path());
      if (url.kind == LinkUrl::Kind::web) writer_.attribute(name, url.text);
      return;
    }
  }
}

void Sanitiser::write_identifiers(std::string_view names) {
  bool is_first = true;
  for (auto id = take_word(names); !id.empty(); id = take_word(names)) {
    if (!is_first) writer_.value(" ");
    writer_.value(prefixed_id(id));
    is_first = false;
  }
}

void Sanitiser::write_classes(Element element, std::string_view names) {
  bool is_first = true;
  for (auto name = take_word(names); !name.empty(); name = take_word(names)) {
    if (!is_listed_class(element, name)) continue;
    if (is_first) writer_.begin_attribute("class");
    else writer_.value(" ");
    writer_.value(name);
    is_first = false;
  }
  if (!is_first) writer_.end_attribute();
}

void Sanitiser::leave_place(const LinkUrl& url, FileLink::Use use) {
  const Place place = mentions_.find(url.target);
  links_.push_back(
      {static_cast<std::uint32_t>(writer_.size()), use, url.target, place.line, place.column});
  writer_.value(url.fragment);
}

void Sanitiser::write_page_link(std::string_view value) {
  const auto url = parse_link_url(value, mentions_.path());
  switch (url.kind) {
    case LinkUrl::Kind::forbidden:
    case LinkUrl::Kind::itself: return;
    case LinkUrl::Kind::fragment: return writer_.attribute("href", url.fragment);
    case LinkUrl::Kind::file:
      writer_.begin_attribute("href");
      leave_place(url, FileLink::Use::page);
      return writer_.end_attribute();
    case LinkUrl::Kind::web:
    case LinkUrl::Kind::mail:
      writer_.attribute("href", url.text);
      return writer_.attribute("rel", "nofollow ugc noopener");
  }
}

void Sanitiser::write_resource(std::string_view name, std::string_view value) {
  const auto url = parse_link_url(value, mentions_.path());
  if (url.kind == LinkUrl::Kind::web) return writer_.attribute(name, url.text);
  if (url.kind != LinkUrl::Kind::file) return;
  writer_.begin_attribute(name);
  leave_place(url, FileLink::Use::resource);
  writer_.end_attribute();
}

// Candidates: a URL, perhaps a descriptor, a comma (WHATWG HTML, 4.8.4.2). One that may not be
// loaded goes with its descriptor.
void Sanitiser::write_resource_set(std::string_view set) {
  constexpr std::string_view separators = " \t\n\f\r,";
  bool is_first = true;
  while (true) {
    set.remove_prefix(std::min(set.find_first_not_of(separators), set.size()));
    if (set.empty()) break;
    auto address = take_word(set);
    std::string_view descriptor;
    if (address.ends_with(',')) {
      address = address.substr(0, address.find_last_not_of(',') + 1);
    } else {
      const auto rest = set.substr(0, set.find(','));
      set.remove_prefix(rest.size());
      auto words = rest;
      descriptor = take_word(words);
    }
    const auto url = parse_link_url(address, mentions_.path());
    if (url.kind != LinkUrl::Kind::web && url.kind != LinkUrl::Kind::file) continue;
    if (is_first) writer_.begin_attribute("srcset");
    else writer_.value(", ");
    is_first = false;
    if (url.kind == LinkUrl::Kind::web) writer_.value(url.text);
    else leave_place(url, FileLink::Use::resource);
    if (!descriptor.empty()) writer_.value(" ");
    writer_.value(descriptor);
  }
  if (!is_first) writer_.end_attribute();
}

Sanitised sanitise(std::string_view html, const Mentions& mentions) {
  const HtmlTree tree(html);
  Sanitiser sanitiser(html, mentions);
  sanitiser.walk(tree.root());
  return sanitiser.take();
}

}  // namespace devy::markdown
