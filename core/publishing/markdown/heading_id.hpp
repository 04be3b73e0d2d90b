#pragma once
// Generates heading ids as GitHub does: lower case, punctuation dropped, a '-' for each space, and
// "-1", "-2" for ids that exist already. One object per document. Pure; one thread.

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>

namespace devy::markdown {

class HeadingIds {
 public:
  // Returns the id of the next heading; empty when its text has no letter, digit or '-'.
  [[nodiscard]] std::string next(std::string_view heading_text);

 private:
  std::unordered_map<std::string, std::size_t> repeats_;  // maps an id to the last number given
};

}  // namespace devy::markdown
