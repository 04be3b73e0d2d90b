#pragma once
// A private folder, mode 0700, in memory where there is room for that, in which one attempt keeps
// its clone. The owner holds a lock (flock) on the folder itself for as long as it lives, so that
// another process can recognise an abandoned one. The destructor removes it. Move-only; one thread.

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/platform/config/config.hpp"

namespace devy::git {

class PrivateFolder {
 public:
  // Throws Error(internal, "disk_full" or "runtime_directory").
  [[nodiscard]] static PrivateFolder create(const config::Config& config);
  PrivateFolder(PrivateFolder&& other) noexcept;
  PrivateFolder& operator=(PrivateFolder&& other) noexcept;
  PrivateFolder(const PrivateFolder&) = delete;
  PrivateFolder& operator=(const PrivateFolder&) = delete;
  ~PrivateFolder();

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  PrivateFolder(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}
  void remove() noexcept;
  std::string path_;
  int lock_ = -1;
};

// Returns config.runtime_directory; else /dev/shm where it is writable; else $TMPDIR or /tmp.
[[nodiscard]] std::string private_folder_base(const config::Config& config);

// Removes the folders of this user whose owner is gone. Returns how many; when several processes do
// this at once, each counts what it has removed itself.
std::size_t remove_abandoned_folders(const config::Config& config);

// Free space at that folder; 0 when it cannot be determined.
[[nodiscard]] std::uint64_t scratch_free_bytes(const config::Config& config);

}  // namespace devy::git
