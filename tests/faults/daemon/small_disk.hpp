#pragma once
// A file system of a few megabytes at a folder, to be filled. In a mount namespace of this test
// program, so that nothing stays mounted when the program is killed; whatever should see it is
// started after enter_own_mounts(). Wants root. One thread.

#include <cstdint>
#include <string>

namespace devy::testing {

// Once, before anything else is started; false where this machine does not allow it.
[[nodiscard]] bool enter_own_mounts();

class SmallDisk {
 public:
  // Throws std::runtime_error when it cannot be mounted.
  SmallDisk(std::string folder, std::uint64_t bytes);
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  ~SmallDisk();

  // Until no more than so many bytes fit.
  void fill(std::uint64_t left = 0) const;
  void empty() const;
  void make_read_only() const;
  void make_writable() const;

 private:
  void remount(unsigned long flags) const;
  const std::string folder_;
};

}  // namespace devy::testing
