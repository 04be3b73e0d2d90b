#include "core/publishing/markdown/arena.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>
#include <new>
#include <span>
#include <vector>

namespace devy::markdown {
namespace arena_test {

std::span<unsigned char> piece(void* memory, std::size_t bytes) {
  return {static_cast<unsigned char*>(memory), bytes};
}

bool holds(void* memory, std::size_t bytes, unsigned char value) {
  return std::ranges::all_of(piece(memory, bytes), [&](auto byte) { return byte == value; });
}

TEST(Arena, HandsOutZeroedPiecesThatDoNotTouch) {
  Arena arena;
  // Twice: memory that is used again is zeroed again.
  for (int round = 0; round < 2; ++round) {
    std::vector<std::pair<void*, std::size_t>> pieces;
    for (std::size_t i = 0; i < 3'000; ++i) {
      const auto bytes = i % 100 == 99 ? 80'000 + i : i % 700;
      void* memory = arena.allocate(bytes);
      ASSERT_EQ(reinterpret_cast<std::uintptr_t>(memory) % alignof(std::max_align_t), 0U);
      ASSERT_TRUE(holds(memory, bytes, 0)) << i;
      std::ranges::fill(piece(memory, bytes), static_cast<unsigned char>(i));
      pieces.emplace_back(memory, bytes);
    }
    for (std::size_t i = 0; i < pieces.size(); ++i)
      ASSERT_TRUE(holds(pieces[i].first, pieces[i].second, static_cast<unsigned char>(i))) << i;
    arena.clear();
  }
}

TEST(Arena, KeepsWhatAPieceHeldWhenItGrows) {
  Arena arena;
  void* memory = nullptr;
  std::size_t bytes = 0;
  for (std::size_t wanted = 1; wanted < 2'000'000; wanted = wanted * 3 / 2 + 1) {
    memory = arena.reallocate(memory, wanted);
    ASSERT_TRUE(holds(memory, bytes, 7)) << wanted;
    std::ranges::fill(piece(memory, wanted), 7);
    bytes = wanted;
    // Now and then something else lies behind it.
    if (wanted % 2 == 0) std::ranges::fill(piece(arena.allocate(16), 16), 9);
  }
}

TEST(Arena, LeavesAPieceThatShrinksWhereItIs) {
  Arena arena;
  void* memory = arena.allocate(100);
  EXPECT_EQ(arena.reallocate(memory, 10), memory);
}

TEST(Arena, RefusesMoreMemoryThanThereIs) {
  Arena arena;
  EXPECT_THROW(static_cast<void>(arena.allocate(std::numeric_limits<std::size_t>::max())),
               std::bad_alloc);
#ifndef DEVY_SANITIZED  // Where such a request ends the process.
  EXPECT_THROW(static_cast<void>(arena.allocate(std::size_t{1} << 60U)), std::bad_alloc);
#endif
}

TEST(Arena, AllowsToBeClearedWhenUnused) {
  Arena arena;
  arena.clear();
  static_cast<void>(arena.allocate(1'000'000));
  arena.clear();
  EXPECT_TRUE(holds(arena.allocate(1'000), 1'000, 0));
}

}  // namespace arena_test
}  // namespace devy::markdown
