#include "core/publishing/markdown/html_writer.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "core/publishing/markdown/reader_text.hpp"

namespace devy::markdown {
namespace {

using enum Element;

// Tells of each byte whether it may need more than copying.
constexpr std::array<bool, 256> is_unescaped = [] {
  std::array<bool, 256> plain{};
  for (std::size_t byte = 0; byte < 256; ++byte)
    plain[byte] = byte >= 0x20 && byte != 0x7f && byte != 0xc2 && byte != 0xe2 && byte < 0xef;
  plain['&'] = plain['<'] = plain['>'] = plain['"'] = false;
  plain['\n'] = plain['\t'] = true;
  return plain;
}();

bool is_whitespace(std::string_view text) {
  return text.find_first_not_of(" \n\t") == std::string_view::npos;
}

// Tells which elements may stand directly in a table, its groups and its rows.
bool fits_table_frame(Element frame, Element element) {
  if (frame == table)
    return element == caption || element == thead || element == tbody || element == tfoot;
  if (frame == tr) return element == td || element == th;
  return element == tr;
}

bool is_table_part(Element element) {
  return element == caption || element == thead || element == tbody || element == tfoot ||
         element == tr || element == td || element == th;
}

}  // namespace

bool HtmlWriter::has_in_scope(Element element) const {
  for (auto open = open_.rbegin(); open != open_.rend(); ++open) {
    if (*open == element) return true;
    if (traits_of(*open).bounds_scope) return false;
  }
  return false;
}

// A list item ends an earlier one unless a "special" element is between them. GitHub's rule is
// added: there is no item outside a list.
bool HtmlWriter::fits_list(Element element) const {
  if (element == li && std::ranges::none_of(open_, [](Element o) { return o == ol || o == ul; }))
    return false;
  for (auto open = open_.rbegin(); open != open_.rend(); ++open) {
    if (element == li ? *open == li : *open == dd || *open == dt) return false;
    if (traits_of(*open).is_special) return true;
  }
  return true;
}

bool HtmlWriter::fits(Element element) const {
  const Element inside = innermost();
  const auto& traits = traits_of(element);
  if (open_.size() >= element_depth_max) return false;
  if (traits_of(inside).is_table_frame) return fits_table_frame(inside, element);
  if (is_table_part(element)) return false;
  if (traits.closes_p && has_in_scope(p)) return false;
  if (traits.is_heading) return !traits_of(inside).is_heading;
  if (element == li || element == dd || element == dt) return fits_list(element);
  if (element == a) return !has_in_scope(a);
  if (element == rt || element == rp) {
    const bool ends_inside =
        inside == rt || inside == rp || inside == p || inside == li || inside == dd || inside == dt;
    return !ends_inside || !has_in_scope(ruby);
  }
  return true;
}

bool HtmlWriter::start(Element element) {
  if (!fits(element)) return false;
  begins_pre_ = false;
  starting_ = element;
  html_ += '<';
  html_ += name_of(element);
  return true;
}

void HtmlWriter::attribute(std::string_view name, std::string_view text) {
  begin_attribute(name);
  value(text);
  end_attribute();
}

void HtmlWriter::begin_attribute(std::string_view name) {
  html_ += ' ';
  html_ += name;
  html_ += "=\"";
}

void HtmlWriter::value(std::string_view piece) {
  escaped(piece, true);
}

void HtmlWriter::finish_start() {
  html_ += '>';
  if (!traits_of(starting_).is_void) open_.push_back(starting_);
  begins_pre_ = starting_ == pre;
}

void HtmlWriter::end() {
  html_ += "</";
  html_ += name_of(open_.back());
  html_ += '>';
  open_.pop_back();
  begins_pre_ = false;
}

bool HtmlWriter::text(std::string_view text) {
  if (traits_of(innermost()).is_table_frame && !is_whitespace(text)) return false;
  const auto before = html_.size();
  escaped(text, false);
  if (html_.size() == before) return true;
  if (begins_pre_ && html_[before] == '\n') html_.insert(before, 1, '\n');
  begins_pre_ = false;
  return true;
}

void HtmlWriter::escaped(std::string_view text, bool in_value) {
  while (!text.empty()) {
    std::size_t plain = 0;
    while (plain < text.size() && is_unescaped[static_cast<unsigned char>(text[plain])])
      ++plain;
    html_.append(text, 0, plain);
    text.remove_prefix(plain);
    if (text.empty()) return;
    std::size_t bytes = unwanted_bytes(text);
    if (bytes == 0) {
      bytes = 1;
      switch (text[0]) {
        case '&': html_ += "&amp;"; break;
        case '<': html_ += "&lt;"; break;
        case '>': html_ += "&gt;"; break;
        case '"': html_ += in_value ? "&quot;" : "\""; break;
        default: html_ += text[0];
      }
    }
    text.remove_prefix(bytes);
  }
}

}  // namespace devy::markdown
