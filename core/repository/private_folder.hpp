#pragma once
// A folder of one's own, mode 0700, in memory where there is room for that: where one attempt keeps
// its clone. The owner holds a lock (flock) on the folder itself for as long as it lives, so that
// another process can tell an abandoned one. The destructor removes it. Move-only; one thread.

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/config/config.hpp"

namespace devy::repository {

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

// config.runtime_directory; else /dev/shm where it can be written; else $TMPDIR or /tmp.
[[nodiscard]] std::string private_folder_base(const config::Config& config);

// Removes the folders of this user whose owner is gone. Returns how many; of several processes that
// do this at once, each counts what it has removed itself.
std::size_t remove_abandoned_folders(const config::Config& config);

// Free where that folder is; 0 when it cannot be told.
[[nodiscard]] std::uint64_t scratch_free_bytes(const config::Config& config);

}  // namespace devy::repository
