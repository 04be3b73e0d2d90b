#include "core/platform/base/random.hpp"

#include <sys/random.h>

#include <cstdlib>

#include "core/platform/base/hex.hpp"

namespace devy::base {
namespace {

class SystemRandom final : public Random {
 public:
  std::uint64_t next() override {
    std::uint64_t value = 0;
    // A request of at most 256 bytes is never cut short once the pool is ready.
    if (getrandom(&value, sizeof value, 0) != static_cast<ssize_t>(sizeof value)) std::abort();
    return value;
  }
};

}  // namespace

std::string Random::uuid() {
  const std::uint64_t words[2] = {next(), next()};
  std::string text;
  text.reserve(36);
  for (int byte = 0; byte < 16; ++byte) {
    auto value = static_cast<unsigned>((words[byte / 8] >> (8 * (byte % 8))) & 0xff);
    if (byte == 6) value = 0x40U | (value & 0x0fU);  // version 4
    if (byte == 8) value = 0x80U | (value & 0x3fU);  // RFC 9562 variant
    if (byte == 4 || byte == 6 || byte == 8 || byte == 10) text += '-';
    text.append({hex_digit(value >> 4U), hex_digit(value)});
  }
  return text;
}

std::string Random::token() {
  constexpr int word_digits = 16;
  std::string text;
  for (int drawn = 0; drawn < 2; ++drawn) {
    auto word = next();
    for (int digit = 0; digit < word_digits; ++digit, word >>= 4U)
      text += hex_digit(static_cast<unsigned>(word & 15U));
  }
  return text;
}

std::string Random::bytes(std::size_t count) {
  std::string drawn;
  drawn.reserve(count);
  for (std::uint64_t word = 0; drawn.size() < count; word >>= 8U) {
    if (drawn.size() % sizeof word == 0) word = next();
    drawn += static_cast<char>(word & 0xffU);
  }
  return drawn;
}

double Random::between(double low, double high) {
  return low + (high - low) * (static_cast<double>(next() >> 11U) * 0x1.0p-53);
}

Random& system_random() {
  static SystemRandom random;
  return random;
}

}  // namespace devy::base
