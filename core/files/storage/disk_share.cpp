// Folders that a group may read, for nginx (disk.hpp).
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "core/files/storage/disk.hpp"
#include "core/platform/base/error.hpp"

namespace devy::storage {
namespace {

namespace fs = std::filesystem;

// New files in a folder with the third mode have the folder's group.
constexpr mode_t readable_folder = 0750, shared_folder = 02750, inheriting_folder = 02700;

[[noreturn]] void throw_not_shared(const fs::path& path) {
  throw base::Error(base::ErrorKind::config,
                    "unable to let the group read '" + path.string() + "': " + strerror(errno),
                    "Is this user a member of files.group, and the owner of files.directory?");
}

void give(const fs::path& path, gid_t group, mode_t mode) {
  if (::lchown(path.c_str(), static_cast<uid_t>(-1), group) != 0) throw_not_shared(path);
  // After the owner's change, which takes the third mode away.
  if (mode != 0 && ::chmod(path.c_str(), mode) != 0) throw_not_shared(path);
}

}  // namespace

void Disk::share(const std::string& directory, gid_t group) {
  const fs::path root(directory), objects = root / "objects";
  give(root, group, readable_folder);
  give(root / "staging", group, inheriting_folder);
  give(objects, group, shared_folder);
  for (const auto& entry : fs::recursive_directory_iterator(objects)) {
    if (entry.is_symlink()) continue;
    give(entry.path(), group, entry.is_directory() ? shared_folder : 0);
  }
}

}  // namespace devy::storage
