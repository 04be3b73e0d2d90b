#include "core/publishing/markdown/math.hpp"

#include <cmark-gfm-extension_api.h>
#include <cmark-gfm/chunk.h>
#include <cmark-gfm/node.h>

#include <array>
#include <cstdint>
#include <optional>

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/sha256.hpp"

namespace devy::markdown {
namespace {

// cmark passes an extension its parser and a line, but not the text around it.
thread_local MathLines* lines_ahead = nullptr;

std::string_view line_text(const unsigned char* input, int begin, int end) {
  std::string_view line(reinterpret_cast<const char*>(input) + begin,
                        static_cast<std::size_t>(end - begin));
  return line.substr(0, line.find_last_not_of(" \t\r\n") + 1);
}

extern "C" cmark_node* match_formula(cmark_syntax_extension* extension, cmark_parser*,
                                     cmark_node* parent, unsigned char character,
                                     cmark_inline_parser* inlines) {
  if (character != '$') return nullptr;
  const auto* chunk = cmark_inline_parser_get_chunk(inlines);
  const std::string_view text(reinterpret_cast<const char*>(chunk->data),
                              static_cast<std::size_t>(chunk->len));
  const int at = cmark_inline_parser_get_offset(inlines);
  const auto formula = find_formula(text, static_cast<std::size_t>(at));
  if (!formula) return nullptr;
  cmark_node* node = cmark_node_new_with_mem(CMARK_NODE_CODE, parent->content.mem);
  cmark_node_set_literal(node, formula->source.c_str());
  cmark_node_set_syntax_extension(node, extension);
  cmark_inline_parser_set_offset(inlines, at + static_cast<int>(formula->length));
  return node;
}

// The block is one of code without a fence: cmark keeps every byte of its lines, and the number of
// the last one stands in the node.
extern "C" cmark_node* open_formula(cmark_syntax_extension* extension, int is_indented,
                                    cmark_parser* parser, cmark_node* parent, unsigned char* input,
                                    int length) {
  const int begin = cmark_parser_get_first_nonspace(parser);
  if (is_indented != 0 || lines_ahead == nullptr || begin >= length) return nullptr;
  const auto line = line_text(input, begin, length);
  if (!line.starts_with("$$")) return nullptr;
  const auto number = static_cast<std::uint32_t>(cmark_parser_get_line_number(parser));
  const auto last = lines_ahead->last_line(number, line);
  if (!last) return nullptr;
  cmark_node* node = cmark_parser_add_child(parser, parent, CMARK_NODE_CODE_BLOCK, begin + 1);
  cmark_node_set_syntax_extension(node, extension);
  node->as.code.fence_offset = static_cast<std::uint8_t>(cmark_parser_get_indent(parser));
  node->as.code.fenced = 0;
  node->footnote.def_count = static_cast<int>(*last);
  cmark_parser_advance_offset(parser, reinterpret_cast<const char*>(input),
                              begin - cmark_parser_get_offset(parser), 0);
  return node;
}

extern "C" int continue_formula(cmark_syntax_extension*, cmark_parser* parser, unsigned char* input,
                                int length, cmark_node* node) {
  if (cmark_parser_get_line_number(parser) > node->footnote.def_count) return 0;
  for (int left = node->as.code.fence_offset; left > 0; --left) {
    const int at = cmark_parser_get_offset(parser);
    if (at >= length || input[at] != ' ') break;
    cmark_parser_advance_offset(parser, reinterpret_cast<const char*>(input), 1, 0);
  }
  return 1;
}

std::string_view literal_of_code(cmark_node* node) {
  const char* literal = cmark_node_get_literal(node);
  return literal == nullptr ? "" : literal;
}

std::string escaped_text(std::string_view text) {
  std::string html;
  for (const char byte : text) {
    switch (byte) {
      case '&': html += "&amp;"; break;
      case '<': html += "&lt;"; break;
      case '>': html += "&gt;"; break;
      default: html += byte;
    }
  }
  return html;
}

std::string math_language(cmark_node* node) {
  if (cmark_node_get_type(node) != CMARK_NODE_CODE_BLOCK) return {};
  const char* info = cmark_node_get_fence_info(node);
  auto language = base::to_lower(info == nullptr ? "" : info);
  return language == "math" || language == "mermaid" ? language : std::string();
}

}  // namespace

MathMark::MathMark(std::string_view markdown) : attribute_("math-") {
  constexpr std::string_view digits = "0123456789abcdef";
  constexpr std::size_t bytes = 16;
  const auto digest = base::sha256(markdown);
  for (std::size_t i = 0; i < bytes; ++i) {
    attribute_ += digits[digest[i] >> 4U];
    attribute_ += digits[digest[i] & 0xfU];
  }
}

cmark_syntax_extension* math_extension() {
  static cmark_syntax_extension* const extension = [] {
    auto* made = cmark_syntax_extension_new("devy-math");
    cmark_mem* memory = cmark_get_default_mem_allocator();
    constexpr std::uintptr_t dollar = '$';
    cmark_syntax_extension_set_special_inline_chars(
        made, cmark_llist_append(memory, nullptr, reinterpret_cast<void*>(dollar)));
    cmark_syntax_extension_set_match_inline_func(made, match_formula);
    cmark_syntax_extension_set_open_block_func(made, open_formula);
    cmark_syntax_extension_set_match_block_func(made, continue_formula);
    return made;
  }();
  return extension;
}

MathScope::MathScope(std::string_view markdown) : lines_(markdown) {
  lines_ahead = &lines_;
}

MathScope::~MathScope() {
  lines_ahead = nullptr;
}

bool is_math(cmark_node* node) {
  return cmark_node_get_syntax_extension(node) == math_extension() || !math_language(node).empty();
}

void write_math(cmark_node* node, const MathMark& mark, std::deque<NodeHtml>& html) {
  const auto literal = literal_of_code(node);
  const auto marked = " " + mark.attribute() + "=\"\">";
  const bool is_formula = cmark_node_get_syntax_extension(node) == math_extension();
  if (!is_formula) {
    write_as(node, html.emplace_back(NodeHtml{"<pre><code class=\"language-" + math_language(node) +
                                                  "\"" + marked + escaped_text(literal) +
                                                  "</code></pre>\n",
                                              ""}));
  } else if (cmark_node_get_type(node) == CMARK_NODE_CODE_BLOCK) {
    const auto source = literal.substr(0, literal.find_last_not_of('\n') + 1);
    write_as(node,
             html.emplace_back(NodeHtml{
                 "<div class=\"math-display\"" + marked + escaped_text(source) + "</div>\n", ""}));
  } else {
    const auto kind = literal.starts_with("$$") ? "math-display" : "math-inline";
    write_as(node, html.emplace_back(NodeHtml{std::string("<span class=\"") + kind + "\"" + marked +
                                                  escaped_text(literal) + "</span>",
                                              ""}));
  }
}

}  // namespace devy::markdown
