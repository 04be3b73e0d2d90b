#pragma once
// HTML text as the tree that an HTML5 parser makes of it, in the context of a <body>. The only
// place that calls gumbo.
//
// The tree's memory is one arena that goes at once: gumbo frees node by node with recursion, which
// hostile nesting takes beyond any stack, and an arena is faster. gumbo has no way out of an
// allocation that fails, so this ends the process then (status child_out_of_memory), as cmark's
// allocator does. One thread. Throws std::bad_alloc.

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace devy::markdown {

class Sanitiser;

// The bump allocator behind one tree. What it hands out is zeroed; frees nothing before its end.
class TreeMemory {
 public:
  [[nodiscard]] void* allocate(std::size_t bytes);

 private:
  std::vector<std::unique_ptr<std::byte[]>> blocks_;
  std::byte* free_begin_ = nullptr;
  std::size_t free_bytes_ = 0;
};

// Walks the tree of `html`, which is valid UTF-8, into `out`.
void walk_html(std::string_view html, Sanitiser& out);

}  // namespace devy::markdown
