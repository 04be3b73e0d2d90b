#pragma once
// Owners of what cmark allocates. Move-only; one thread.

#include <cmark-gfm.h>

#include <cstdlib>
#include <memory>

namespace devy::markdown {

struct CmarkFreer {
  void operator()(cmark_parser* parser) const { cmark_parser_free(parser); }
  void operator()(cmark_node* node) const { cmark_node_free(node); }
  void operator()(cmark_iter* iterator) const { cmark_iter_free(iterator); }
  void operator()(char* text) const { std::free(text); }  // NOLINT: from render.cpp's allocate()
};
using Parser = std::unique_ptr<cmark_parser, CmarkFreer>;
using Node = std::unique_ptr<cmark_node, CmarkFreer>;
using Iterator = std::unique_ptr<cmark_iter, CmarkFreer>;
using CmarkText = std::unique_ptr<char, CmarkFreer>;

}  // namespace devy::markdown
