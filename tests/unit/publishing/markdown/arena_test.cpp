#include "core/publishing/markdown/arena.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>
#include <new>
#include <span>
#include <vector>

#include "core/platform/process/child.hpp"

namespace devy::markdown {
namespace arena_test {

constexpr std::size_t chunk_bytes = 262'144;

std::span<unsigned char> piece(void* memory, std::size_t bytes) {
  return {static_cast<unsigned char*>(memory), bytes};
}

bool holds(void* memory, std::size_t bytes, unsigned char value) {
  return std::ranges::all_of(piece(memory, bytes), [&](auto byte) { return byte == value; });
}

TEST(Arena, HandsOutZeroedPiecesThatDoNotTouch) {
  Arena arena(chunk_bytes);
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
  Arena arena(chunk_bytes);
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
  Arena arena(chunk_bytes);
  void* memory = arena.allocate(100);
  EXPECT_EQ(arena.reallocate(memory, 10), memory);
}

TEST(Arena, RefusesMoreMemoryThanThereIs) {
  Arena arena(chunk_bytes);
  EXPECT_THROW(static_cast<void>(arena.allocate(std::numeric_limits<std::size_t>::max())),
               std::bad_alloc);
#ifndef DEVY_SANITIZED  // Where such a request ends the process.
  EXPECT_THROW(static_cast<void>(arena.allocate(std::size_t{1} << 60U)), std::bad_alloc);
#endif
}

// gumbo reads fields of its state before it writes them: with what an earlier tree had left there,
// a table's text was put elsewhere.
TEST(Arena, IsZeroedWhateverWasThereBefore) {
  for (const std::size_t bytes : {std::size_t{64}, std::size_t{4'096}, std::size_t{65'536}}) {
    std::vector<std::vector<unsigned char>> earlier;
    for (int i = 0; i < 8; ++i)
      earlier.emplace_back(65'536, 0xff);
    earlier.clear();
    Arena arena(65'536);
    EXPECT_TRUE(holds(arena.allocate(bytes), bytes, 0)) << bytes;
  }
}

TEST(ArenaDeathTest, EndsTheProcessForALibraryThatKnowsNoFailure) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto ends_out_of_memory = ::testing::ExitedWithCode(process::child_out_of_memory);
  constexpr auto too_much = std::numeric_limits<std::size_t>::max();
  Arena arena(chunk_bytes);
  EXPECT_EXIT(static_cast<void>(arena.allocate_or_exit(too_much)), ends_out_of_memory, "");
  EXPECT_EXIT(static_cast<void>(arena.reallocate_or_exit(arena.allocate(1), too_much)),
              ends_out_of_memory, "");
}

TEST(Arena, AllowsToBeClearedWhenUnused) {
  Arena arena(chunk_bytes);
  arena.clear();
  static_cast<void>(arena.allocate(1'000'000));
  arena.clear();
  EXPECT_TRUE(holds(arena.allocate(1'000), 1'000, 0));
}

}  // namespace arena_test
}  // namespace devy::markdown
