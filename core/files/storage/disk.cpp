#include "core/files/storage/disk.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <utility>

#include "core/files/storage/call.hpp"
#include "core/files/storage/staged_file.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/fault_point.hpp"
#include "core/platform/base/hex.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/base/random.hpp"

namespace devy::storage {
namespace {

using base::Error;
using base::ErrorKind;

constexpr const char* instance_file = ".devy-files";
constexpr unsigned private_folder = 0700, private_file = 0600, content_mode = 0440;

// The folders of a content, "ab" and "cd", and its name.
struct Place {
  std::string first, second, name;
};

Place place_of(const base::Sha256& sha256) {
  auto hex = base::to_hex(sha256);
  return {hex.substr(0, 2), hex.substr(2, 2), std::move(hex)};
}

base::Descriptor open_root(const std::string& directory) {
  // Its own path may lead over links: it is the operator's.
  base::Descriptor root(::open(directory.c_str(), O_DIRECTORY | O_CLOEXEC));
  if (root.get() < 0) throw_failed("open files.directory '" + directory + "'");
  return root;
}

// Nothing when there is none.
std::optional<std::string> read_instance(int root) {
  const base::Descriptor file(::openat(root, instance_file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (file.get() < 0) return std::nullopt;
  std::array<char, 64> text{};
  const auto count = ::read(file.get(), text.data(), text.size());
  std::string instance(text.data(), static_cast<std::size_t>(count > 0 ? count : 0));
  while (instance.ends_with('\n'))
    instance.pop_back();
  return instance;
}

void write_instance(int root, const std::string& instance) {
  const auto file = open_below(root, instance_file, O_WRONLY | O_CREAT | O_EXCL, private_file);
  const auto text = instance + "\n";
  if (::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
      ::fsync(file.get()) != 0)
    throw_failed("write '" + std::string(instance_file) + "'");
  sync_folder(root);
}

// A new folder is as readable as the one that it is in (Disk::share), whatever the umask is.
void share_alike(const base::Descriptor& folder, const std::string& name) {
  struct stat facts {};
  if (::fstat(folder.get(), &facts) != 0) throw_failed("look at a folder");
  const auto mode = facts.st_mode & 07777U;
  if (mode != private_folder && ::fchmodat(folder.get(), name.c_str(), mode, 0) != 0)
    throw_failed("let a group read a folder");
}

bool is_there(int folder, const std::string& name, std::uint64_t size) {
  struct stat found {};
  return ::fstatat(folder, name.c_str(), &found, AT_SYMLINK_NOFOLLOW) == 0 &&
         S_ISREG(found.st_mode) && static_cast<std::uint64_t>(found.st_size) == size;
}

}  // namespace

void Disk::prepare(const std::string& directory, const std::string& instance) {
  if (::mkdir(directory.c_str(), private_folder) != 0 && errno != EEXIST)
    throw_failed("make files.directory '" + directory + "'");
  const auto root = open_root(directory);
  if (const auto found = read_instance(root.get()); found && *found != instance)
    throw Error(ErrorKind::conflict,
                "'" + directory + "' belongs to another database or node already",
                "Choose an empty folder, or the database that it belongs to.", "storage_foreign");
  else if (!found) write_instance(root.get(), instance);
  for (const char* folder : {"staging", "objects", "quarantine"})
    make_folder(root.get(), folder, private_folder);
  sync_folder(root.get());
  const auto objects = open_below(root.get(), "objects", O_DIRECTORY);
  constexpr unsigned folders = 256;
  for (unsigned i = 0; i < folders; ++i)
    make_folder(objects.get(), {base::hex_digit(i / 16), base::hex_digit(i % 16)}, private_folder);
  sync_folder(objects.get());
}

Disk::Disk(const std::string& directory, const std::string& instance)
    : root_(open_root(directory)) {
  const auto found = read_instance(root_.get());
  if (found != instance)
    throw Error(ErrorKind::config,
                "unable to use files.directory '" + directory +
                    "': " + (found ? "it belongs to another database or node" : "it is no storage"),
                "Is the disk mounted? A new storage is made by `devy-upload file init`.",
                "storage_foreign");
  staging_ = open_below(root_.get(), "staging", O_DIRECTORY);
  objects_ = open_below(root_.get(), "objects", O_DIRECTORY);
}

StagedFile Disk::stage() {
  // Whoever sweeps may take a file that is not locked yet for one that was left behind.
  constexpr int attempts_max = 10;
  for (int attempt = 0; attempt < attempts_max; ++attempt) {
    auto name = base::system_random().uuid();
    auto file =
        open_below(staging_.get(), name, O_RDWR | O_CREAT | O_EXCL | O_APPEND, private_file);
    struct stat facts {};
    if (!lock_file(file) || ::fstat(file.get(), &facts) != 0 || facts.st_nlink == 0) continue;
    base::fault_point("file_staged");
    return {staging_.get(), std::move(name), std::move(file)};
  }
  throw Error(ErrorKind::internal, "unable to make a file in staging: it is swept each time", "",
              "storage_failed");
}

std::optional<StagedFile> Disk::reopen(const std::string& name) {
  constexpr int attempts_max = 10;
  for (int attempt = 0; attempt < attempts_max; ++attempt) {
    // It is read-only where a finish was cut off.
    if (::fchmodat(staging_.get(), name.c_str(), private_file, 0) != 0 && errno != ENOENT)
      throw_failed("open a file that is being received");
    auto file = open_below(staging_.get(), name, O_RDWR | O_CREAT | O_APPEND, private_file);
    if (!lock_file(file)) return std::nullopt;
    // Whoever had it before may have linked it to its place, where nothing may change.
    struct stat opened {
    }, named{};
    if (::fstat(file.get(), &opened) != 0) throw_failed("look at a file that is being received");
    if (::fstatat(staging_.get(), name.c_str(), &named, AT_SYMLINK_NOFOLLOW) != 0 ||
        named.st_ino != opened.st_ino || named.st_dev != opened.st_dev)
      continue;
    if (opened.st_size == 0) sync_folder(staging_.get());
    base::fault_point("file_reopened");
    return StagedFile(staging_.get(), name, std::move(file), true);
  }
  throw Error(ErrorKind::internal, "unable to open a file in staging: it is another each time", "",
              "storage_failed");
}

Disk::Linked Disk::link(StagedFile& staged, const base::Sha256& sha256, Trust trust) {
  const auto place = place_of(sha256);
  const auto first = open_below(objects_.get(), place.first, O_DIRECTORY);
  if (make_folder(first.get(), place.second, private_folder)) share_alike(first, place.second);
  const auto second = open_below(first.get(), place.second, O_DIRECTORY);
  const auto linked = move_to(second.get(), place.name, staged, trust);
  base::fault_point("file_linked");
  // Whoever made the folder, or linked the same content, may not have come so far.
  sync_folder(second.get());
  sync_folder(first.get());
  base::fault_point("file_folder_synced");
  return linked;
}

Disk::Linked Disk::move_to(int folder, const std::string& name, StagedFile& staged,
                           Trust trust) const {
  // True once more after a COMMIT whose answer was lost, or that was none.
  if (staged.is_linked_) {
    if (is_there(folder, name, staged.size())) return Linked::before;
    throw Error(ErrorKind::internal, "unable to find a content that was linked a moment ago", "",
                "storage_failed");
  }
  if (::fchmod(staged.file_.get(), content_mode) != 0) throw_failed("protect a content");
  const char* own_name = staged.name_.c_str();
  auto linked = Linked::now;
  if (::renameat2(staging_.get(), own_name, folder, name.c_str(), RENAME_NOREPLACE) != 0) {
    if (errno != EEXIST) throw_failed("link a content");
    if (trust == Trust::by_size && is_there(folder, name, staged.size())) return Linked::before;
    base::log::error("a content that was another was replaced", {{"sha256", name}});
    if (::renameat(staging_.get(), own_name, folder, name.c_str()) != 0)
      throw_failed("link a content");
    linked = Linked::replaced;
  }
  staged.is_linked_ = true;
  return linked;
}

std::optional<base::Descriptor> Disk::open(const base::Sha256& sha256) const {
  const auto place = place_of(sha256);
  base::Descriptor at(::dup(objects_.get()));
  for (const auto& [name, flags] :
       {std::pair(place.first, O_DIRECTORY), std::pair(place.second, O_DIRECTORY),
        std::pair(place.name, O_RDONLY)}) {
    base::Descriptor next(::openat(at.get(), name.c_str(), flags | O_NOFOLLOW | O_CLOEXEC));
    // A symbolic link is none of ours.
    if (next.get() < 0 && (errno == ENOENT || errno == ELOOP || errno == ENOTDIR))
      return std::nullopt;
    if (next.get() < 0) throw_failed("open a content");
    at = std::move(next);
  }
  return at;
}

base::Descriptor Disk::scratch() const {
  return open_below(staging_.get(), ".", O_TMPFILE | O_RDWR, private_file);
}

std::uint64_t Disk::free_bytes() const {
  struct statvfs room {};
  if (::fstatvfs(root_.get(), &room) != 0) throw_failed("ask for the free space");
  return room.f_bavail * room.f_frsize;
}

// A file that goes on later has its row before it is made, so that whoever sees the file finds the
// row. One that was made for a row that has ended is nobody's.
std::size_t Disk::sweep_staging(const FindNeeded& are_needed) {
  std::vector<std::string> names;
  list_staging([&](const std::string& name, bool is_held) {
    if (!is_held) names.push_back(name);
  });
  const auto needed = are_needed(names);
  std::size_t swept = 0;
  list_staging([&](const std::string& name, bool is_held) {
    if (is_held || std::ranges::find(names, name) == names.end() ||
        std::ranges::find(needed, name) != needed.end())
      return;
    if (::unlinkat(staging_.get(), name.c_str(), 0) == 0) ++swept;
  });
  return swept;
}

void Disk::discard(const std::string& name) const {
  if (::unlinkat(staging_.get(), name.c_str(), 0) != 0 && errno != ENOENT)
    throw_failed("delete a file that was being received");
}

std::uint64_t size_of(const base::Descriptor& file) {
  struct stat found {};
  if (::fstat(file.get(), &found) != 0) throw_failed("ask for the size of a content");
  return static_cast<std::uint64_t>(found.st_size);
}

void write_bytes(const base::Descriptor& file, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::write(file.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw_failed("write a file");
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

base::Sha256 digest_of(const base::Descriptor& file) {
  base::Sha256Stream digest;
  read_bytes(file, [&](std::string_view bytes) { digest.add(bytes); });
  return digest.finish();
}

void read_bytes(const base::Descriptor& file,
                const std::function<void(std::string_view)>& on_bytes) {
  std::string buffer(256UL * 1024, '\0');
  off_t offset = 0;
  while (true) {
    const auto count = ::pread(file.get(), buffer.data(), buffer.size(), offset);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw_failed("read a content");
    if (count == 0) return;
    on_bytes(std::string_view(buffer).substr(0, static_cast<std::size_t>(count)));
    offset += count;
  }
}

}  // namespace devy::storage
