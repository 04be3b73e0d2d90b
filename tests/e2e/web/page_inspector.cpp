#include "tests/e2e/web/page_inspector.hpp"

#include <gumbo.h>

#include <memory>
#include <set>
#include <string_view>

namespace devy::testing {
namespace {

using Words = std::set<std::string_view>;

const Words known_elements{
    "a",       "article", "b",        "body", "button", "caption",  "code",   "datalist",
    "dd",      "details", "div",      "dl",   "dt",     "figure",   "footer", "form",
    "h1",      "h2",      "h3",       "head", "header", "html",     "iframe", "input",
    "label",   "li",      "link",     "main", "meta",   "meter",    "nav",    "noscript",
    "ol",      "option",  "p",        "path", "pre",    "progress", "rect",   "script",
    "section", "select",  "small",    "span", "strong", "summary",  "svg",    "table",
    "tbody",   "td",      "textarea", "th",   "thead",  "time",     "title",  "tr",
    "ul"};
const Words known_attributes{"accept",
                             "action",
                             "autocomplete",
                             "charset",
                             "checked",
                             "class",
                             "content",
                             "d",
                             "datetime",
                             "disabled",
                             "download",
                             "enctype",
                             "for",
                             "height",
                             "hidden",
                             "high",
                             "href",
                             "http-equiv",
                             "id",
                             "inputmode",
                             "lang",
                             "list",
                             "low",
                             "max",
                             "maxlength",
                             "method",
                             "min",
                             "multiple",
                             "name",
                             "open",
                             "optimum",
                             "pattern",
                             "placeholder",
                             "preserveaspectratio",
                             "readonly",
                             "rel",
                             "required",
                             "role",
                             "rows",
                             "sandbox",
                             "scope",
                             "selected",
                             "spellcheck",
                             "src",
                             "defer",
                             "tabindex",
                             "type",
                             "value",
                             "viewbox",
                             "width",
                             "x",
                             "y",
                             "hx-get",
                             "hx-swap",
                             "hx-trigger",
                             "hx-headers",
                             "hx-post",
                             "hx-target",
                             "hx-encoding"};
const Words addresses{"href",    "src",    "action",   "formaction", "hx-get",
                      "hx-post", "hx-put", "hx-patch", "hx-delete",  "xlink:href"};

bool is_ours(std::string_view address) {
  return (address.starts_with("/") && !address.starts_with("//")) || address.starts_with("#") ||
         address.starts_with("https://") || address == "data:,";
}

std::string name_of(const GumboElement& element) {
  if (element.tag != GUMBO_TAG_UNKNOWN) return gumbo_normalized_tagname(element.tag);
  GumboStringPiece piece = element.original_tag;
  gumbo_tag_from_original_text(&piece);
  return {piece.data, piece.length};
}

void inspect_element(const GumboElement& element, std::set<std::string>& foreign) {
  const auto name = name_of(element);
  if (!known_elements.contains(name)) foreign.insert("<" + name + ">");
  bool has_source = false;
  for (unsigned n = 0; n < element.attributes.length; ++n) {
    const auto& attribute = *static_cast<const GumboAttribute*>(element.attributes.data[n]);
    std::string key = attribute.name;
    for (auto& letter : key)
      if (letter >= 'A' && letter <= 'Z') letter += 'a' - 'A';
    const std::string value = attribute.value;
    if (key == "src") has_source = true;
    if (!known_attributes.contains(key) && !key.starts_with("aria-") && !key.starts_with("data-"))
      foreign.insert(name + " " + key);
    if (addresses.contains(key) && !is_ours(value)) foreign.insert(key + "=" + value);
  }
  if (name == "script" && !has_source) foreign.insert("<script> without src");
}

void inspect_node(const GumboNode& node, std::set<std::string>& foreign) {
  if (node.type != GUMBO_NODE_ELEMENT && node.type != GUMBO_NODE_TEMPLATE) return;
  inspect_element(node.v.element, foreign);
  const auto& children = node.v.element.children;
  for (unsigned n = 0; n < children.length; ++n)
    inspect_node(*static_cast<const GumboNode*>(children.data[n]), foreign);
}

}  // namespace

std::vector<std::string> foreign_in(const std::string& page) {
  const std::unique_ptr<GumboOutput, void (*)(GumboOutput*)> parsed(
      gumbo_parse_with_options(&kGumboDefaultOptions, page.data(), page.size()),
      [](GumboOutput* output) { gumbo_destroy_output(&kGumboDefaultOptions, output); });
  std::set<std::string> foreign;
  inspect_node(*parsed->root, foreign);
  return {foreign.begin(), foreign.end()};
}

}  // namespace devy::testing
