#include "core/publishing/markdown/sanitiser.hpp"

#include <algorithm>
#include <cstdint>

#include "core/platform/base/ascii.hpp"
#include "core/publishing/markdown/emoji.hpp"
#include "core/publishing/markdown/plain_text.hpp"
#include "core/publishing/markdown/sanitise_policy.hpp"

namespace devy::markdown {
namespace {

constexpr std::string_view blanks = " \t\n\f\r";

std::string_view read_word(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  const auto word = text.substr(0, text.find_first_of(blanks));
  text.remove_prefix(word.size());
  return word;
}

bool has(std::span<const Attribute> attributes, std::string_view name) {
  return std::ranges::any_of(attributes, [&](const Attribute& a) { return a.name == name; });
}

std::string_view value_of(std::span<const Attribute> attributes, std::string_view name) {
  const auto found = std::ranges::find(attributes, name, &Attribute::name);
  return found == attributes.end() ? std::string_view() : found->value;
}

// The id that a link to "#top" gets.
constexpr std::string_view top_id = "user-content-top";

// "2x", "1.5x", "640w" of a srcset.
bool is_descriptor(std::string_view word) {
  const char unit = word.back();
  return word.size() > 1 && (unit == 'x' || unit == 'w' || unit == 'h') &&
         word.find_first_not_of("0123456789.") == word.size() - 1;
}

// GitHub looks for no emoji in these.
bool is_code(Element element) {
  return element == Element::pre || element == Element::code || element == Element::tt;
}

bool says(std::span<const Attribute> attributes, std::string_view name, std::string_view value) {
  return std::ranges::any_of(
      attributes, [&](const Attribute& a) { return a.name == name && a.value == value; });
}

// Readers fill in no forms here and authors make no sections: only cmark-gfm makes these two.
bool is_ours(Element element, std::span<const Attribute> attributes) {
  if (element == Element::section) return says(attributes, "class", "footnotes");
  if (element == Element::input)
    return says(attributes, "type", "checkbox") && has(attributes, "disabled");
  return true;
}

}  // namespace

bool Sanitiser::start(Element element, std::span<const Attribute> attributes) {
  if (element == Element::unwrapped || !is_ours(element, attributes)) return false;
  const auto begin = writer_.size();
  const auto page_links = page_links_.size();
  if (!writer_.start(element)) return false;
  is_math_ = !math_mark_.empty() && has(attributes, math_mark_);
  if (element == Element::input) {
    writer_.attribute("type", "checkbox");
    if (has(attributes, "checked")) writer_.attribute("checked", "");
    writer_.attribute("disabled", "");
    writer_.attribute("class", "task-list-item-checkbox");
  }
  for (const auto& attribute : attributes)
    write_attribute(element, attribute);
  writer_.finish_start();
  shown_address_ = element == Element::a ? value_of(attributes, "href") : std::string_view();
  if (traits_of(element).is_void) return true;
  ++depth_;
  if (page_links_.size() > page_links) {
    auto& link = page_links_.back();
    link.tag_begin = begin;
    link.tag_end = writer_.size();
    link.is_anchor = !value_of(attributes, "id").empty() || !value_of(attributes, "name").empty();
    page_link_depth_ = depth_;
  }
  if (code_depth_ == 0 && (is_code(element) || is_math_)) code_depth_ = depth_;
  return true;
}

bool Sanitiser::text(std::string_view text) {
  const auto emoji = code_depth_ == 0 ? with_emoji(text) : std::nullopt;
  const bool shows_emoji = emoji && shown_address_.find(text) == std::string::npos;
  return writer_.text(shows_emoji ? *emoji : text);
}

void Sanitiser::end() {
  if (code_depth_ == depth_) code_depth_ = 0;
  if (page_link_depth_ == depth_) {
    page_links_.back().close_begin = writer_.size();
    page_link_depth_ = 0;
  }
  --depth_;
  shown_address_.clear();
  writer_.end();
}

Sanitised Sanitiser::take() {
  std::string html = writer_.take();
  if (!has_top_ && !links_to_top_.empty()) html = without_top_prefixes(html);
  return {SanitisedHtml(std::move(html)),
          std::move(links_),
          std::move(page_links_),
          std::move(anchors_),
          {}};
}

std::string Sanitiser::without_top_prefixes(std::string_view html) {
  std::string out;
  out.reserve(html.size());
  std::size_t done = 0;
  auto link = links_.begin();
  const auto move_links = [&](std::size_t end) {
    for (; link != links_.end() && link->offset < end; ++link)
      link->offset -= static_cast<std::uint32_t>(done - out.size());
  };
  for (const std::size_t at : links_to_top_) {
    move_links(at);
    out.append(html, done, at - done);
    done = at + id_prefix.size();
  }
  move_links(html.size());
  for (auto& page_link : page_links_)
    for (auto* offset : {&page_link.tag_begin, &page_link.attribute_begin, &page_link.value_begin,
                         &page_link.attribute_end, &page_link.tag_end, &page_link.close_begin})
      *offset -= id_prefix.size() *
                 static_cast<std::size_t>(std::ranges::lower_bound(links_to_top_, *offset) -
                                          links_to_top_.begin());
  return out.append(html, done);
}

void Sanitiser::write_attribute(Element element, const Attribute& attribute) {
  const auto& [name, value] = attribute;
  switch (kind_of(element, name)) {
    case AttributeKind::dropped: return;
    case AttributeKind::text: return writer_.attribute(name, value);
    case AttributeKind::empty: return writer_.attribute(name, "");
    case AttributeKind::identifier:
      if (value.empty()) return;
      has_top_ = has_top_ || prefixed_id(value) == top_id;
      anchors_.insert(prefixed_id(value).substr(id_prefix.size()));
      return writer_.attribute(name, prefixed_id(value));
    case AttributeKind::identifiers:
      writer_.begin_attribute(name);
      write_identifiers(value);
      return writer_.end_attribute();
    case AttributeKind::classes: return write_classes(element, value);
    case AttributeKind::page_link: return write_page_link(value);
    case AttributeKind::resource: return write_resource(name, value);
    case AttributeKind::resource_set: return write_resource_set(value);
    case AttributeKind::reference: {
      const auto url = parse_link_url(value, positions_.path());
      if (url.kind == LinkUrl::Kind::web) writer_.attribute(name, url.text);
      return;
    }
  }
}

void Sanitiser::write_identifiers(std::string_view names) {
  bool is_first = true;
  for (auto id = read_word(names); !id.empty(); id = read_word(names)) {
    if (!is_first) writer_.value(" ");
    writer_.value(prefixed_id(id));
    is_first = false;
  }
}

void Sanitiser::write_classes(Element element, std::string_view names) {
  bool is_first = true;
  for (auto name = read_word(names); !name.empty(); name = read_word(names)) {
    if (!is_listed_class(element, name) && !(is_math_ && is_math_class(element, name))) continue;
    if (is_first) writer_.begin_attribute("class");
    else writer_.value(" ");
    writer_.value(name);
    is_first = false;
  }
  if (!is_first) writer_.end_attribute();
}

Place Sanitiser::next_place(const std::string& key) {
  return positions_.find(key, met_[key]++);
}

void Sanitiser::leave_place(const LinkUrl& url, FileLink::Use use) {
  const Place place = next_place(url.target);
  auto& link = links_.emplace_back(FileLink{static_cast<std::uint32_t>(writer_.size()), use,
                                            url.target, place.line, place.column});
  link.is_rooted = url.is_rooted;
  if (use == FileLink::Use::page) link.fragment = url.fragment;
  else if (!url.fragment.empty()) writer_.value('#' + url.fragment);
}

void Sanitiser::write_fragment(const LinkUrl& url) {
  PageLink& link = page_links_.emplace_back();
  link.fragment = url.fragment;
  link.place = next_place('#' + url.fragment);
  link.attribute_begin = writer_.size();
  writer_.begin_attribute("href");
  link.value_begin = writer_.size();
  if (prefixed_id(base::to_lower(url.fragment)) == top_id)
    links_to_top_.push_back(writer_.size() + 1);
  writer_.value(url.fragment.empty() ? "#" : '#' + prefixed_id(url.fragment));
  writer_.end_attribute();
  link.attribute_end = writer_.size();
}

void Sanitiser::write_page_link(std::string_view value) {
  const auto url = parse_link_url(value, positions_.path());
  switch (url.kind) {
    case LinkUrl::Kind::forbidden:
    case LinkUrl::Kind::itself: return;
    case LinkUrl::Kind::fragment: return write_fragment(url);
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
  const auto url = parse_link_url(value, positions_.path());
  if (url.kind == LinkUrl::Kind::web) return writer_.attribute(name, url.text);
  if (url.kind != LinkUrl::Kind::file) return;
  writer_.begin_attribute(name);
  leave_place(url, FileLink::Use::resource);
  writer_.end_attribute();
}

// The candidates of a srcset: a URL, perhaps a descriptor, a comma (WHATWG HTML, 4.8.4.2). One
// whose URL may not be loaded is dropped with its descriptor; so is one that a browser would
// ignore.
void Sanitiser::write_resource_set(std::string_view set) {
  constexpr std::string_view separators = " \t\n\f\r,";
  bool is_first = true;
  while (true) {
    set.remove_prefix(std::min(set.find_first_not_of(separators), set.size()));
    if (set.empty()) break;
    auto address = read_word(set);
    std::string_view descriptor;
    if (address.ends_with(',')) {
      address = address.substr(0, address.find_last_not_of(',') + 1);
    } else {
      const auto rest = set.substr(0, set.find(','));
      set.remove_prefix(rest.size());
      auto words = rest;
      descriptor = read_word(words);
    }
    if (!descriptor.empty() && !is_descriptor(descriptor)) continue;
    const auto url = parse_link_url(address, positions_.path());
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

}  // namespace devy::markdown
