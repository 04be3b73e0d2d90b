#pragma once
// Finds where a formula begins and ends in a text: the rules of math.hpp, without cmark. Each
// search ends at the next dollar that could end or begin one, so that all of them together look at
// a text once. Pure; any thread.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace devy::markdown {

struct Formula {
  std::size_t length = 0;  // in the text
  std::string source;      // with its dollars; without the backticks of $`…`$
};

// The formula that begins with the dollar at `at`, in the text of one paragraph or the like.
[[nodiscard]] std::optional<Formula> find_formula(std::string_view text, std::size_t at);

// The lines of a Markdown text, to look ahead from one that begins a formula of several lines.
class MathLines {
 public:
  // Borrows the text.
  explicit MathLines(std::string_view markdown) : markdown_(markdown) {}

  // The number of the line that ends the formula whose first line, from its "$$" on, is `line`;
  // nothing when it ends on its own line, or a blank line comes before. Lines count from 1.
  [[nodiscard]] std::optional<std::uint32_t> last_line(std::uint32_t number, std::string_view line);

 private:
  [[nodiscard]] std::string_view text_of(std::size_t index) const;
  void find_lines();

  std::string_view markdown_;
  std::vector<std::size_t> begins_;  // of its lines, once one was asked for
};

}  // namespace devy::markdown
