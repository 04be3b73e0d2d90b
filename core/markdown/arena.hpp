#pragma once
// Memory that is handed out in a row and taken back all at once: cmark makes and frees a small
// node for every few words, which costs more than parsing them. What is freed in between is gone
// until the end; a document takes about as much as it does otherwise, since its tree lives to the
// end anyway. One document at a time; one thread. Throws std::bad_alloc.
//
// Built with DEVY_WATCHED_MEMORY each piece is a block of its own and is freed when it is released,
// so that sanitizers and valgrind see what goes past its end or its life.

#include <cstddef>
#include <memory>
#include <vector>

namespace devy::markdown {

class Arena {
 public:
  // Zeroed, aligned for anything, never null.
  [[nodiscard]] void* allocate(std::size_t bytes);
  // As realloc; `old` is from here or null. What is added to it is not zeroed.
  [[nodiscard]] void* reallocate(void* old, std::size_t bytes);
  // `piece` is from here or null, and not used again. Nobody gets its memory before clear().
  void release(void* piece);
  // Takes back everything that was handed out.
  void clear();

 private:
  struct Header;

  [[nodiscard]] void* allocate_block(std::size_t bytes);

  std::vector<std::unique_ptr<std::byte[]>> chunks_;  // the first is kept by clear()
  std::byte* next_ = nullptr;                         // in the chunk that is being handed out
  std::byte* end_ = nullptr;
  Header* last_ = nullptr;  // what was handed out last, if it may grow in place
};

}  // namespace devy::markdown
