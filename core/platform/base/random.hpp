#pragma once
// Randomness: the only place that generates it. One of the three test seams. Any thread may call
// it.

#include <cstddef>
#include <cstdint>
#include <string>

namespace devy::base {

class Random {
 public:
  virtual ~Random() = default;
  virtual std::uint64_t next() = 0;
  // A version 4 UUID in canonical text.
  std::string uuid();
  // Returns 128 bits as 32 hexadecimal digits, for addresses that must not be guessable.
  std::string token();
  // So many random bytes, for keys and nonces.
  std::string bytes(std::size_t count);
  // Uniformly distributed over [low, high).
  double between(double low, double high);
};

// Cryptographically strong: uses getrandom(2). Lives for the whole process.
[[nodiscard]] Random& system_random();

}  // namespace devy::base
