#pragma once
// A place in a file. A value; any thread.

#include <cstdint>

namespace devy::markdown {

struct Place {
  std::uint32_t line = 0, column = 0;  // in the file, from 1
};

}  // namespace devy::markdown
