#include "core/publishing/markdown/arena.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

#include "core/platform/process/child.hpp"

namespace devy::markdown {
namespace {

// Pieces of a larger part of a chunk get a chunk of their own and leave the one in use as it is.
constexpr std::size_t pieces_min = 4;

#ifdef DEVY_WATCHED_MEMORY
constexpr bool is_watched = true;
#else
constexpr bool is_watched = false;
#endif

template <class Work>
void* or_exit(Work work) noexcept {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    std::_Exit(process::child_out_of_memory);
  }
}

}  // namespace

// Precedes each piece in memory.
struct alignas(std::max_align_t) Arena::Header {
  std::size_t bytes;
  std::size_t chunk;  // where memory is watched: which one is its block
};

void* Arena::allocate_block(std::size_t bytes) {
  auto& block =
      chunks_.emplace_back(std::make_unique_for_overwrite<std::byte[]>(sizeof(Header) + bytes));
  auto* header = new (block.get()) Header{bytes, chunks_.size() - 1};
  std::memset(header + 1, 0, bytes);
  return header + 1;
}

void* Arena::allocate(std::size_t bytes) {
  if (bytes > SIZE_MAX / 2) throw std::bad_alloc();
  if constexpr (is_watched) return allocate_block(bytes);
  const auto rounded = (bytes + sizeof(Header) - 1) / sizeof(Header) * sizeof(Header);
  const auto needed = sizeof(Header) + rounded;
  std::byte* begin = next_;
  if (needed > chunk_bytes_ / pieces_min) {
    begin = chunks_.emplace_back(std::make_unique_for_overwrite<std::byte[]>(needed)).get();
    last_ = nullptr;
  } else {
    if (static_cast<std::size_t>(end_ - next_) < needed) {
      begin = chunks_.emplace_back(std::make_unique_for_overwrite<std::byte[]>(chunk_bytes_)).get();
      end_ = begin + chunk_bytes_;
    }
    next_ = begin + needed;
  }
  auto* header = new (begin) Header{rounded, 0};
  if (next_ == begin + needed) last_ = header;
  std::memset(header + 1, 0, rounded);
  return header + 1;
}

void* Arena::reallocate(void* old, std::size_t bytes) {
  if (old == nullptr) return allocate(bytes);
  Header* header = static_cast<Header*>(old) - 1;
  if (bytes <= header->bytes) return old;
  const auto added = (bytes - header->bytes + sizeof(Header) - 1) / sizeof(Header) * sizeof(Header);
  if (!is_watched && header == last_ && static_cast<std::size_t>(end_ - next_) >= added) {
    header->bytes += added;
    next_ += added;
    return old;
  }
  void* grown = allocate(bytes);
  std::memcpy(grown, old, header->bytes);
  release(old);
  return grown;
}

void* Arena::allocate_or_exit(std::size_t bytes) noexcept {
  return or_exit([&] { return allocate(bytes); });
}

void* Arena::reallocate_or_exit(void* old, std::size_t bytes) noexcept {
  return or_exit([&] { return reallocate(old, bytes); });
}

void Arena::release(void* piece) {
  if constexpr (is_watched)
    if (piece != nullptr) chunks_[(static_cast<Header*>(piece) - 1)->chunk].reset();
}

void Arena::clear() {
  // A document may begin with a large piece: only a chunk of the usual size is kept.
  const bool keeps_chunk = next_ != nullptr;
  std::unique_ptr<std::byte[]> kept;
  if (keeps_chunk) {
    const std::byte* begin = end_ - chunk_bytes_;
    const auto found =
        std::ranges::find_if(chunks_, [&](const auto& chunk) { return chunk.get() == begin; });
    kept = std::move(*found);
  }
  chunks_.clear();
  last_ = nullptr;
  if (!keeps_chunk) return;
  next_ = kept.get();
  end_ = next_ + chunk_bytes_;
  chunks_.push_back(std::move(kept));
}

}  // namespace devy::markdown
