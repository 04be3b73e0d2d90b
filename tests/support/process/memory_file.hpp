#pragma once
// A file without a name, in memory. Unlike a pipe it takes any amount, so no process waits for
// another one. Throws std::runtime_error. One thread.

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <string>
#include <string_view>

namespace devy::testing {

class MemoryFile {
 public:
  // Holds the text, to be read from its beginning.
  explicit MemoryFile(std::string_view text = {})
      : descriptor_(memfd_create("memory-file", MFD_CLOEXEC)) {
    if (descriptor_ < 0) throw std::runtime_error("unable to make a memory file");
    while (!text.empty()) {
      const ssize_t count = ::write(descriptor_, text.data(), text.size());
      if (count <= 0) throw std::runtime_error("unable to fill a memory file");
      text.remove_prefix(static_cast<std::size_t>(count));
    }
    lseek(descriptor_, 0, SEEK_SET);
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { close(descriptor_); }

  [[nodiscard]] int descriptor() const { return descriptor_; }

  [[nodiscard]] std::string read_all() const {
    std::string text;
    std::array<char, 65536> buffer{};
    ssize_t count = 0;
    lseek(descriptor_, 0, SEEK_SET);
    while ((count = ::read(descriptor_, buffer.data(), buffer.size())) > 0)
      text.append(buffer.data(), static_cast<std::size_t>(count));
    return text;
  }

 private:
  int descriptor_;
};

}  // namespace devy::testing
