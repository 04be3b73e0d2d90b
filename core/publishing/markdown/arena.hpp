#pragma once
// An arena allocator: memory is handed out in sequence and taken back all at once. cmark allocates
// and frees a small node for every few words, which costs more than parsing them. Freed memory is
// not reused before the end; a document takes about as much as it does otherwise, since its tree
// lives to the end anyway. One document at a time; one thread. Throws std::bad_alloc.
//
// When built with DEVY_WATCHED_MEMORY, each piece is a block of its own that is freed when it is
// released, so that sanitizers and valgrind detect accesses beyond its end or lifetime.

#include <cstddef>
#include <memory>
#include <vector>

namespace devy::markdown {

class Arena {
 public:
  // The memory is zeroed, aligned for any type, and never null.
  [[nodiscard]] void* allocate(std::size_t bytes);
  // Works like realloc; `old` comes from here or is null. The added part is not zeroed.
  [[nodiscard]] void* reallocate(void* old, std::size_t bytes);
  // `piece` comes from here or is null, and must not be used again. Its memory is not reused before
  // clear().
  void release(void* piece);
  // Takes back all memory that was handed out.
  void clear();

 private:
  struct Header;

  [[nodiscard]] void* allocate_block(std::size_t bytes);

  std::vector<std::unique_ptr<std::byte[]>> chunks_;  // clear() keeps the first
  std::byte* next_ = nullptr;                         // in the chunk in use
  std::byte* end_ = nullptr;
  Header* last_ = nullptr;  // the most recent piece, if it may grow in place
};

}  // namespace devy::markdown
