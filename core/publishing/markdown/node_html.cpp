#include "core/publishing/markdown/node_html.hpp"

#include <cmark-gfm-extension_api.h>
#include <cmark-gfm/render.h>

namespace devy::markdown {
namespace {

void put(cmark_strbuf* out, const std::string& text) {
  cmark_strbuf_put(out, reinterpret_cast<const unsigned char*>(text.data()),
                   static_cast<bufsize_t>(text.size()));
}

bool is_block(cmark_node* node) {
  return (cmark_node_get_type(node) & CMARK_NODE_TYPE_MASK) == CMARK_NODE_TYPE_BLOCK;
}

extern "C" void write_node(cmark_syntax_extension*, cmark_html_renderer* renderer, cmark_node* node,
                           cmark_event_type event, int) {
  const auto& html = *static_cast<const NodeHtml*>(cmark_node_get_user_data(node));
  cmark_strbuf* out = renderer->html;
  const bool enters = event == CMARK_EVENT_ENTER;
  // As cmark does it: a block begins a line.
  if (enters && is_block(node) && out->size > 0 && out->ptr[out->size - 1] != '\n')
    cmark_strbuf_putc(out, '\n');
  put(out, enters ? html.open : html.close);
}

// An extension that parses nothing: cmark asks a node's extension to write it. For the whole
// process's life, as cmark's own are.
cmark_syntax_extension* writer() {
  static cmark_syntax_extension* const extension = [] {
    auto* made = cmark_syntax_extension_new("devy");
    cmark_syntax_extension_set_html_render_func(made, write_node);
    return made;
  }();
  return extension;
}

}  // namespace

void write_as(cmark_node* node, const NodeHtml& html) {
  cmark_node_set_syntax_extension(node, writer());
  cmark_node_set_user_data(node, const_cast<NodeHtml*>(&html));
}

}  // namespace devy::markdown
