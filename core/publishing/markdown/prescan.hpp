#pragma once
// Searches Markdown for input that makes cmark-gfm quadratic (measured in traps.md), in one linear
// pass, so that such a file gets a precise error at once. It is not a parser: it computes upper
// bounds, and its limits are far above any real post. What it misses is stopped by the child's
// limits. Pure; any thread.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace devy::markdown {

// Limit for block quotes and list items that begin on one line.
inline constexpr std::size_t line_containers_max = 128;
// Limit for columns × rows, with the cells that cmark-gfm adds to short rows: about 260 bytes each.
inline constexpr std::size_t table_cells_max = 200'000;
// Limit for the bytes that all link references together expand to.
inline constexpr std::size_t reference_bytes_max = std::size_t{16} << 20U;
// Limit for the steps of cmark's scans for an end that never comes; about a nanosecond each.
inline constexpr std::size_t scan_steps_max = std::size_t{1} << 30U;

struct PrescanProblem {
  std::uint32_t line = 0;  // of `markdown`, from 1
  std::string message;
};

[[nodiscard]] std::optional<PrescanProblem> prescan(std::string_view markdown);

}  // namespace devy::markdown
