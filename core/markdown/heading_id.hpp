#pragma once
// Heading ids as GitHub makes them: lower case, punctuation dropped, a '-' for each space, and
// "-1", "-2" for ids that are there already. One object a document. Pure; one thread.

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>

namespace devy::markdown {

class HeadingIds {
 public:
  // The id of the next heading. Empty when its text has neither letter nor digit nor '-'.
  [[nodiscard]] std::string next(std::string_view heading_text);

 private:
  std::unordered_map<std::string, std::size_t> repeats_;  // of an id: the last number given
};

}  // namespace devy::markdown
