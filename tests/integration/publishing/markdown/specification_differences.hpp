#pragma once
// Where a post must not look as the specifications' example says, and why. For tests.

#include <string>
#include <vector>

namespace devy::testing {

struct Difference {
  const char* reason;
  std::vector<int> examples;  // ascending
};

// By the name of a specification, see specification.hpp. Throws std::runtime_error for one that is
// not known.
[[nodiscard]] std::vector<Difference> differences_from(const std::string& specification);

}  // namespace devy::testing
