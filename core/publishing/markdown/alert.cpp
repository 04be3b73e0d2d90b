#include "core/publishing/markdown/alert.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "core/platform/base/ascii.hpp"
#include "core/publishing/markdown/node_html.hpp"
#include "core/publishing/markdown/plain_text.hpp"

namespace devy::markdown {
namespace {

struct Alert {
  std::string marker;  // in lower case
  NodeHtml html;
};

Alert alert(const std::string& name, const std::string& title) {
  return {"[!" + name + "]",
          {"<div class=\"markdown-alert markdown-alert-" + name +
               "\">\n<p class=\"markdown-alert-title\">" + title + "</p>\n",
           "</div>\n"}};
}

const Alert* find_alert(cmark_node* text) {
  static const std::array alerts{alert("note", "Note"), alert("tip", "Tip"),
                                 alert("important", "Important"), alert("warning", "Warning"),
                                 alert("caution", "Caution")};
  constexpr std::size_t marker_bytes_max = 16;
  const char* literal = cmark_node_get_literal(text);
  const std::string_view written = literal == nullptr ? "" : literal;
  if (!written.starts_with("[!") || written.size() > marker_bytes_max) return nullptr;
  const auto marker = base::to_lower(written.substr(0, written.find_last_not_of(" \t") + 1));
  const auto* found = std::ranges::find(alerts, marker, &Alert::marker);
  return found == alerts.end() ? nullptr : found;
}

bool is_of_type(cmark_node* node, cmark_node_type type) {
  return node != nullptr && cmark_node_get_type(node) == type;
}

}  // namespace

void make_alert(cmark_node* quote) {
  if (!is_of_type(cmark_node_parent(quote), CMARK_NODE_DOCUMENT)) return;
  cmark_node* paragraph = cmark_node_first_child(quote);
  if (!is_of_type(paragraph, CMARK_NODE_PARAGRAPH)) return;
  cmark_node* marker = cmark_node_first_child(paragraph);
  if (!is_of_type(marker, CMARK_NODE_TEXT)) return;
  const Alert* found = find_alert(marker);
  if (found == nullptr) return;

  cmark_node* line_end = cmark_node_next(marker);
  if (line_end == nullptr) {
    if (cmark_node_next(paragraph) == nullptr) return;  // the alert would be empty
    cmark_node_free(paragraph);
  } else {
    const auto type = cmark_node_get_type(line_end);
    if (type != CMARK_NODE_SOFTBREAK && type != CMARK_NODE_LINEBREAK) return;
    cmark_node_free(marker);
    cmark_node_free(line_end);
  }
  write_as(quote, found->html);
}

}  // namespace devy::markdown
