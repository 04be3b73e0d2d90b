#pragma once
// Owns cmark's iterator over a tree. Move-only; one thread.

#include <cmark-gfm.h>

#include <memory>

namespace devy::markdown {

struct CmarkFreer {
  void operator()(cmark_iter* iterator) const { cmark_iter_free(iterator); }
};
using Iterator = std::unique_ptr<cmark_iter, CmarkFreer>;

}  // namespace devy::markdown
