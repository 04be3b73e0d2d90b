#pragma once
// What a fuzz target is: one function over any bytes, which ends the process when a promise is
// broken. scripts/fuzz links it with libFuzzer; ctest runs each over its corpus with replay.cpp.
// An exception that is no base::Error ends the process by itself. One thread.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/platform/base/error.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace devy::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

inline void expect(bool holds, const char* promise) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", promise);
  std::abort();
}

// What is bad about input is said with an Error, and is never a fault of the program's own.
template <class Act>
void only_refuses(const Act& act) {
  try {
    act();
  } catch (const base::Error& error) {
    expect(error.kind() != base::ErrorKind::internal, "input is refused, not fallen over");
    expect(!error.text().empty(), "a refusal says why");
  }
}

}  // namespace devy::fuzz
