#include "core/publishing/markdown/html_tree.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace devy::markdown {
namespace html_tree_test {

// gumbo reads fields of its state before it writes them: with what an earlier tree had left there,
// a table's text was put elsewhere.
TEST(TreeMemory, IsZeroedWhateverWasThereBefore) {
  for (const std::size_t bytes : {std::size_t{64}, std::size_t{4'096}, std::size_t{65'536}}) {
    std::vector<std::unique_ptr<std::byte[]>> earlier;
    for (int i = 0; i < 8; ++i) {
      const auto& block = earlier.emplace_back(std::make_unique<std::byte[]>(65'536));
      std::fill_n(block.get(), 65'536, std::byte{0xff});
    }
    earlier.clear();
    TreeMemory memory;
    const std::span piece(static_cast<std::byte*>(memory.allocate(bytes)), bytes);
    EXPECT_TRUE(std::ranges::all_of(piece, [](std::byte byte) { return byte == std::byte{0}; }))
        << bytes;
  }
}

}  // namespace html_tree_test
}  // namespace devy::markdown
