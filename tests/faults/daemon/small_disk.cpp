#include "tests/faults/daemon/small_disk.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <utility>

namespace devy::testing {
namespace {

[[noreturn]] void throw_unable(const std::string& what) {
  throw std::runtime_error("unable to " + what + ": " + std::strerror(errno));
}

}  // namespace

bool enter_own_mounts() {
  return ::unshare(CLONE_NEWNS) == 0 &&
         ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

SmallDisk::SmallDisk(std::string folder, std::uint64_t bytes) : folder_(std::move(folder)) {
  std::filesystem::create_directories(folder_);
  const auto options = "size=" + std::to_string(bytes) + ",mode=0777";
  if (::mount("tmpfs", folder_.c_str(), "tmpfs", 0, options.c_str()) != 0)
    throw_unable("mount a small disk");
}

SmallDisk::~SmallDisk() {
  ::umount2(folder_.c_str(), MNT_DETACH);
}

void SmallDisk::fill(std::uint64_t left) const {
  const int file = ::open((folder_ + "/filler").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) throw_unable("fill a small disk");
  constexpr std::array<char, 4096> page{};
  off_t size = 0;
  for (ssize_t written = 0; (written = ::write(file, page.data(), page.size())) > 0;)
    size += written;
  const auto kept = std::max<off_t>(size - static_cast<off_t>(left), 0);
  if (::ftruncate(file, kept) != 0) throw_unable("make room on a small disk");
  ::close(file);
}

void SmallDisk::empty() const {
  std::filesystem::remove(folder_ + "/filler");
}

void SmallDisk::make_read_only() const {
  remount(MS_RDONLY);
}

void SmallDisk::make_writable() const {
  remount(0);
}

void SmallDisk::remount(unsigned long flags) const {
  if (::mount(nullptr, folder_.c_str(), nullptr, MS_REMOUNT | flags, nullptr) != 0)
    throw_unable("mount a small disk anew");
}

}  // namespace devy::testing
