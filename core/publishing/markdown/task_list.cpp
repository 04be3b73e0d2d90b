#include "core/publishing/markdown/task_list.hpp"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm-extension_api.h>

#include <algorithm>
#include <optional>
#include <string>

#include "core/publishing/markdown/node_html.hpp"

namespace devy::markdown {
namespace {

constexpr std::size_t box_bytes = std::string_view("[ ]").size();

std::string checkbox(bool is_checked) {
  return std::string("<input type=\"checkbox\"") + (is_checked ? " checked=\"\"" : "") +
         " disabled=\"\" /> ";
}

const NodeHtml& item_html(bool is_checked) {
  constexpr auto open = "<li class=\"task-list-item\">";
  static const NodeHtml done{open + checkbox(true), "</li>\n"};
  static const NodeHtml todo{open + checkbox(false), "</li>\n"};
  return is_checked ? done : todo;
}

const NodeHtml& paragraph_html(bool is_checked) {
  static const NodeHtml done{"<p>" + checkbox(true), "</p>\n"};
  static const NodeHtml todo{"<p>" + checkbox(false), "</p>\n"};
  return is_checked ? done : todo;
}

NodeHtml list_html(cmark_node* list) {
  if (cmark_node_get_list_type(list) == CMARK_BULLET_LIST)
    return {"<ul class=\"contains-task-list\">\n", "</ul>\n"};
  const int start = cmark_node_get_list_start(list);
  const auto from = start == 1 ? "" : " start=\"" + std::to_string(start) + "\"";
  return {"<ol class=\"contains-task-list\"" + from + ">\n", "</ol>\n"};
}

// cmark-gfm looks for the box at the beginning of the line, so that it sees none in quotes, alerts,
// notes and items that begin on one line. GitHub looks at the item's text, and so does this.
std::optional<bool> read_box(cmark_node* item) {
  cmark_node* paragraph = cmark_node_first_child(item);
  if (paragraph == nullptr || cmark_node_get_type(paragraph) != CMARK_NODE_PARAGRAPH)
    return std::nullopt;
  cmark_node* first = cmark_node_first_child(paragraph);
  if (first == nullptr || cmark_node_get_type(first) != CMARK_NODE_TEXT) return std::nullopt;
  const char* literal = cmark_node_get_literal(first);
  const std::string text = literal == nullptr ? "" : literal;
  const bool is_checked = text.starts_with("[x] ") || text.starts_with("[X] ");
  if (!is_checked && !text.starts_with("[ ] ")) return std::nullopt;
  cmark_node_set_literal(
      first, text.substr(std::min(text.find_first_not_of(' ', box_bytes), text.size())).c_str());
  return is_checked;
}

// Nothing for an item that is no task; otherwise whether it is done.
std::optional<bool> read_task(cmark_node* item) {
  if (cmark_node_get_syntax_extension(item) == nullptr) return read_box(item);
  return cmark_gfm_extensions_get_tasklist_item_checked(item);
}

}  // namespace

void mark_task(cmark_node* item, std::deque<NodeHtml>& html) {
  static const NodeHtml loose{"<li class=\"task-list-item\">\n", "</li>\n"};
  const auto task = read_task(item);
  if (!task) return;
  const bool is_checked = *task;
  cmark_node* list = cmark_node_parent(item);
  cmark_node* first = cmark_node_first_child(item);
  // When items are paragraphs, the box is put inside the first one, before the words and not above
  // them.
  if (cmark_node_get_list_tight(list) == 0 && first != nullptr &&
      cmark_node_get_type(first) == CMARK_NODE_PARAGRAPH) {
    write_as(item, loose);
    write_as(first, paragraph_html(is_checked));
  } else {
    write_as(item, item_html(is_checked));
  }
  const bool is_first = cmark_node_get_user_data(list) == nullptr;
  if (is_first) write_as(list, html.emplace_back(list_html(list)));
}

}  // namespace devy::markdown
