#pragma once
// An arena allocator: memory is handed out in sequence and taken back all at once. Both parsers of
// a document, cmark and gumbo, get theirs here: they allocate and free a small node for every few
// words, which costs more than parsing them, and gumbo frees its tree with recursion, which hostile
// nesting takes beyond any stack. Freed memory is not reused before the end; a document takes about
// as much as it does otherwise, since its tree lives to the end anyway. One document at a time; one
// thread. Throws std::bad_alloc.
//
// cmark brings an arena, which cannot be this one: it is a single global of the process, without a
// lock; it multiplies sizes unchecked; it calls abort() when memory runs out, where a child has a
// status to report; it clears four mebibytes for the shortest document; and what grows is always
// copied. Gumbo could not use it.
//
// When built with DEVY_WATCHED_MEMORY, each piece is a block of its own that is freed when it is
// released, so that sanitizers and valgrind detect accesses beyond its end or lifetime.

#include <cstddef>
#include <memory>
#include <vector>

namespace devy::markdown {

class Arena {
 public:
  // Memory is obtained in chunks of that size; pieces that are large for it get one of their own.
  explicit Arena(std::size_t chunk_bytes) : chunk_bytes_(chunk_bytes) {}

  // The memory is zeroed, aligned for any type, and never null.
  [[nodiscard]] void* allocate(std::size_t bytes);
  // Works like realloc; `old` comes from here or is null. The added part is not zeroed.
  [[nodiscard]] void* reallocate(void* old, std::size_t bytes);
  // For libraries in C, which know no allocation that fails, and through which nothing may be
  // thrown: where the functions above would, the process ends (status child_out_of_memory).
  [[nodiscard]] void* allocate_or_exit(std::size_t bytes) noexcept;
  [[nodiscard]] void* reallocate_or_exit(void* old, std::size_t bytes) noexcept;
  // `piece` comes from here or is null, and must not be used again. Its memory is not reused before
  // clear().
  void release(void* piece);
  // Takes back all memory that was handed out.
  void clear();

 private:
  struct Header;

  [[nodiscard]] void* allocate_block(std::size_t bytes);

  std::size_t chunk_bytes_;
  std::vector<std::unique_ptr<std::byte[]>> chunks_;  // clear() keeps the first
  std::byte* next_ = nullptr;                         // in the chunk in use
  std::byte* end_ = nullptr;
  Header* last_ = nullptr;  // the most recent piece, if it may grow in place
};

}  // namespace devy::markdown
