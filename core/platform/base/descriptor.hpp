#pragma once
// A file descriptor that is closed with its owner. It is not a stream: the caller reads and writes.
// Move-only; one thread. Throws nothing.

#include <unistd.h>

#include <utility>

namespace devy::base {

class Descriptor {
 public:
  explicit Descriptor(int value = -1) : value_(value) {}  // -1: none
  Descriptor(Descriptor&& other) noexcept : value_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }

  [[nodiscard]] int get() const { return value_; }
  [[nodiscard]] int release() { return std::exchange(value_, -1); }

 private:
  int value_;
};

}  // namespace devy::base
