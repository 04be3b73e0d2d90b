#include "core/platform/git/private_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>
#include <utility>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/fault_point.hpp"

namespace devy::git {
namespace {

namespace fs = std::filesystem;

// A folder has the first name until it is locked, so that no sweep meets it in between.
constexpr std::string_view unlocked_prefix = "devy-upload.new-";
constexpr std::string_view locked_prefix = "devy-upload.clone-";

[[noreturn]] void throw_unable(const std::string& base, int number) {
  const bool is_full = number == ENOSPC || number == EDQUOT;
  throw base::Error(base::ErrorKind::internal,
                    "unable to make a private folder in '" + base + "': " + std::strerror(number),
                    is_full ? "Free some space there, or set runtime_directory to a roomier place."
                            : "Check that runtime_directory exists and can be written.",
                    is_full ? "disk_full" : "runtime_directory");
}

// Returns the folder's descriptor with its lock held; nothing when another process holds it, when
// it is not ours, or when it is a link.
std::optional<int> try_lock(const fs::path& path) {
  const int lock = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (lock < 0) return std::nullopt;
  struct stat status {};
  if (fstat(lock, &status) == 0 && status.st_uid == geteuid() &&
      flock(lock, LOCK_EX | LOCK_NB) == 0)
    return lock;
  close(lock);
  return std::nullopt;
}

// A process that dies before its folder gets the second name leaves one with the first. A live
// process locks it within a moment; one that was suspended for longer finds that its folder is
// gone, and tries again.
bool is_old(const fs::path& path) {
  constexpr std::chrono::minutes age_max{1};
  struct stat status {};
  if (lstat(path.c_str(), &status) != 0) return false;
  const base::TimePoint changed_at{std::chrono::seconds(status.st_mtime)};
  return base::system_clock().now() - changed_at > age_max;
}

}  // namespace

std::uint64_t scratch_free_bytes(const config::Config& config) {
  struct statvfs found {};
  if (statvfs(private_folder_base(config).c_str(), &found) != 0) return 0;
  return static_cast<std::uint64_t>(found.f_bavail) * found.f_frsize;
}

std::string private_folder_base(const config::Config& config) {
  if (!config.runtime_directory.empty()) return config.runtime_directory;
  if (access("/dev/shm", W_OK | X_OK) == 0) return "/dev/shm";
  const char* temporary = std::getenv("TMPDIR");
  return temporary != nullptr && *temporary != '\0' ? temporary : "/tmp";
}

PrivateFolder PrivateFolder::create(const config::Config& config) {
  const auto base = private_folder_base(config);
  std::string path = base + "/" + std::string(unlocked_prefix) + "XXXXXX";
  if (mkdtemp(path.data()) == nullptr) throw_unable(base, errno);
  const auto lock = try_lock(path);
  if (!lock) {
    const int number = errno;
    rmdir(path.c_str());
    throw_unable(base, number);
  }
  PrivateFolder folder(path, *lock);
  const auto random_part = path.substr(path.size() - 6);
  const auto locked_path = base + "/" + std::string(locked_prefix) + random_part;
  base::fault_point("before_folder_rename");
  if (rename(path.c_str(), locked_path.c_str()) != 0) throw_unable(base, errno);
  folder.path_ = locked_path;
  return folder;
}

PrivateFolder::PrivateFolder(PrivateFolder&& other) noexcept
    : path_(std::exchange(other.path_, {})), lock_(std::exchange(other.lock_, -1)) {}

PrivateFolder& PrivateFolder::operator=(PrivateFolder&& other) noexcept {
  if (this == &other) return *this;
  remove();
  path_ = std::exchange(other.path_, {});
  lock_ = std::exchange(other.lock_, -1);
  return *this;
}

PrivateFolder::~PrivateFolder() {
  remove();
}

void PrivateFolder::remove() noexcept {
  if (path_.empty()) return;
  base::fault_point("before_folder_removal");
  std::error_code ignored;  // A sweep takes what is left.
  fs::remove_all(path_, ignored);
  if (lock_ >= 0) close(std::exchange(lock_, -1));
  path_.clear();
}

std::size_t remove_abandoned_folders(const config::Config& config) {
  std::size_t removed = 0;
  std::error_code failed;
  for (fs::directory_iterator entry(private_folder_base(config), failed), end; entry != end;
       entry.increment(failed)) {
    const auto name = entry->path().filename().string();
    const bool is_stale = name.starts_with(unlocked_prefix) && is_old(entry->path());
    if (!name.starts_with(locked_prefix) && !is_stale) continue;
    const auto lock = try_lock(entry->path());
    if (!lock) continue;
    std::error_code kept;
    // The count is zero when another sweep removed it between our check and our lock.
    const auto count = fs::remove_all(entry->path(), kept);
    if (!kept && count != 0) ++removed;
    close(*lock);
  }
  return removed;
}

}  // namespace devy::git
