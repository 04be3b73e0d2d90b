#include "core/platform/config/usual_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "core/platform/base/error.hpp"

namespace devy::config {
namespace {

constexpr const char* here = "devy-upload.toml";
constexpr const char* of_the_machine = "/etc/devy/devy-upload.toml";
// Deeper folders than Linux has paths for.
constexpr int folders_max = 4096;

[[noreturn]] void refuse(const std::string& path, const std::string& cause) {
  throw base::Error(base::ErrorKind::config, "unable to use configuration '" + path + "': " + cause,
                    "Name it with --config or DEVY_CONFIG if you trust it, or run the program in "
                    "another folder.",
                    "config_foreign");
}

bool is_of_others(const struct stat& status) {
  return status.st_uid != ::geteuid() && status.st_uid != 0;
}

// In a sticky folder, such as /tmp, nobody can replace another's file.
std::optional<std::string> stranger_of_folder(const struct stat& status) {
  if (is_of_others(status)) return "its folder belongs to user " + std::to_string(status.st_uid);
  const bool is_writable = (status.st_mode & (S_IWGRP | S_IWOTH)) != 0;
  if (is_writable && (status.st_mode & S_ISVTX) == 0) return "others can write its folder";
  return std::nullopt;
}

// The current folder by its real path, and those above it.
bool is_in_working_tree(std::filesystem::path folder) {
  for (int n = 0; n < folders_max; ++n) {
    std::error_code ignored;
    if (std::filesystem::exists(std::filesystem::symlink_status(folder / ".git", ignored)))
      return true;
    if (folder == folder.root_path()) return false;
    folder = folder.parent_path();
  }
  return true;
}

bool is_within(const std::filesystem::path& path, const std::string& folder) {
  std::error_code failed;
  const auto base = std::filesystem::canonical(folder, failed);
  // It is not there; whoever wants it will say so.
  if (failed) return false;
  const auto mismatch = std::mismatch(base.begin(), base.end(), path.begin(), path.end());
  return mismatch.first == base.end();
}

void check_here(const struct stat& file, const std::filesystem::path& folder) {
  if (const auto cause = stranger_of(file)) refuse(here, *cause);
  struct stat status {};
  if (::stat(".", &status) != 0) refuse(here, std::generic_category().message(errno));
  // Folders above are no matter: the current one stays the same, whatever its path leads to.
  if (const auto cause = stranger_of_folder(status)) refuse(here, *cause);
  if (is_in_working_tree(folder))
    refuse(here, "it is in a working tree of Git, so others may have written it");
}

std::optional<UsualFile> open_here(const std::optional<DistrustedFolder>& distrusted) {
  struct stat link {};
  if (::lstat(here, &link) != 0) return std::nullopt;
  std::error_code failed;
  const auto folder = std::filesystem::current_path(failed);
  if (failed) refuse(here, failed.message());
  if (distrusted && is_within(folder, distrusted->path)) return std::nullopt;
  if (S_ISLNK(link.st_mode)) refuse(here, "it is a symbolic link");
  UsualFile file{here, base::Descriptor(::open(
                           here, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY))};
  struct stat status {};
  if (file.descriptor.get() < 0 || ::fstat(file.descriptor.get(), &status) != 0)
    refuse(here, std::generic_category().message(errno));
  check_here(status, folder);
  return file;
}

std::optional<UsualFile> open_of_the_machine() {
  struct stat status {};
  // Its folder may be closed to this user; then it is nothing to them.
  if (::stat(of_the_machine, &status) != 0) return std::nullopt;
  UsualFile file{of_the_machine,
                 base::Descriptor(::open(of_the_machine, O_RDONLY | O_CLOEXEC | O_NONBLOCK))};
  if (file.descriptor.get() < 0 || ::fstat(file.descriptor.get(), &status) != 0)
    refuse(of_the_machine, std::generic_category().message(errno));
  if (const auto cause = stranger_of(status)) refuse(of_the_machine, *cause);
  return file;
}

}  // namespace

std::optional<std::string> stranger_of(const struct stat& status) {
  if (is_of_others(status)) return "it belongs to user " + std::to_string(status.st_uid);
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) return "others can write it";
  return std::nullopt;
}

std::optional<UsualFile> open_usual_file(const std::optional<DistrustedFolder>& distrusted) {
  auto file = open_here(distrusted);
  if (!file) return open_of_the_machine();
  if (::access(of_the_machine, F_OK) == 0) file->shadowed = of_the_machine;
  return file;
}

}  // namespace devy::config
