#pragma once
// Looks through Markdown for what makes cmark-gfm quadratic (measured in traps.md), in one linear
// pass, so that such a file has a precise error at once. Not a parser: it knows upper bounds, and
// limits far above any real post. What slips through meets the child's limits. Pure; any thread.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace devy::markdown {

// Block quotes and list items that begin on one line.
inline constexpr std::size_t line_containers_max = 128;
// Columns × rows, with the cells that cmark-gfm adds to short rows: about 260 bytes each.
inline constexpr std::size_t table_cells_max = 200'000;
// Bytes that link references expand to in all.
inline constexpr std::size_t reference_bytes_max = std::size_t{16} << 20U;
// Steps of cmark's scans for the end of what never ends; about a nanosecond each.
inline constexpr std::size_t scan_steps_max = std::size_t{1} << 30U;

struct PrescanProblem {
  std::uint32_t line = 0;  // of `markdown`, from 1
  std::string message;
};

[[nodiscard]] std::optional<PrescanProblem> prescan(std::string_view markdown);

}  // namespace devy::markdown
