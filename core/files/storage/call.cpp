#include "core/files/storage/call.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/platform/base/error.hpp"

namespace devy::storage {

void throw_failed(const std::string& what) {
  using base::ErrorKind;
  const int error = errno;
  const auto text = "unable to " + what + ": " + strerror(error);
  if (error == ENOSPC || error == EDQUOT)
    throw base::Error(ErrorKind::unavailable, text, "Free space where files.directory is.",
                      "storage_full");
  throw base::Error(ErrorKind::internal, text, "Look at the disk and at who may write there.",
                    "storage_failed");
}

base::Descriptor open_below(int folder, const std::string& name, int flags, unsigned mode) {
  base::Descriptor file(
      ::openat(folder, name.c_str(), flags | O_NOFOLLOW | O_CLOEXEC, static_cast<mode_t>(mode)));
  if (file.get() < 0) throw_failed("open '" + name + "'");
  return file;
}

void sync_folder(int folder) {
  if (::fsync(folder) != 0) throw_failed("write a folder to the disk");
}

bool lock_file(const base::Descriptor& file) {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  return ::fcntl(file.get(), F_OFD_SETLK, &lock) == 0;
}

bool make_folder(int folder, const std::string& name, unsigned mode) {
  if (::mkdirat(folder, name.c_str(), static_cast<mode_t>(mode)) == 0) return true;
  if (errno != EEXIST) throw_failed("make the folder '" + name + "'");
  return false;
}

}  // namespace devy::storage
