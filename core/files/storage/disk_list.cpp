// Lists the disk (disk.hpp).
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <vector>

#include "core/files/storage/call.hpp"
#include "core/files/storage/disk.hpp"
#include "core/platform/base/hex.hpp"

namespace devy::storage {
namespace {

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

// Without the two that name folders.
std::vector<std::string> names_in(int folder, const std::string& name) {
  auto opened = open_below(folder, name, O_RDONLY | O_DIRECTORY);
  const std::unique_ptr<DIR, CloseFolder> entries(::fdopendir(opened.get()));
  if (!entries) throw_failed("read a folder");
  static_cast<void>(opened.release());
  std::vector<std::string> names;
  errno = 0;
  while (const auto* entry = ::readdir(entries.get())) {
    std::string found(&entry->d_name[0]);
    if (found != "." && found != "..") names.push_back(std::move(found));
  }
  if (errno != 0) throw_failed("read a folder");
  std::ranges::sort(names);
  return names;
}

bool is_folder_name(const std::string& name) {
  return name.size() == 2 && std::ranges::all_of(name, base::is_lower_hex);
}

Disk::Found found_at(int objects, const std::string& folders, const std::string& name) {
  const auto path = folders + name;
  struct stat facts {};
  if (::fstatat(objects, path.c_str(), &facts, AT_SYMLINK_NOFOLLOW) != 0)
    throw_failed("look at '" + path + "'");
  Disk::Found found{std::nullopt, "objects/" + path, static_cast<std::uint64_t>(facts.st_size),
                    std::chrono::system_clock::from_time_t(facts.st_mtime)};
  base::Sha256 sha256{};
  const bool is_content = S_ISREG(facts.st_mode) && std::ranges::all_of(name, base::is_lower_hex) &&
                          base::read_hex(name, sha256) &&
                          folders == name.substr(0, 2) + "/" + name.substr(2, 2) + "/";
  if (is_content) found.sha256 = sha256;
  return found;
}

}  // namespace

void Disk::list(const std::function<void(const Found&)>& on_found) const {
  for (const auto& first : names_in(root_.get(), "objects")) {
    if (!is_folder_name(first)) {
      on_found(found_at(objects_.get(), "", first));
      continue;
    }
    for (const auto& second : names_in(objects_.get(), first)) {
      const auto folder = first + "/" + second;
      if (!is_folder_name(second)) {
        on_found(found_at(objects_.get(), first + "/", second));
        continue;
      }
      for (const auto& name : names_in(objects_.get(), folder))
        on_found(found_at(objects_.get(), folder + "/", name));
    }
  }
}

void Disk::list_staging(
    const std::function<void(const std::string& name, bool is_held)>& on_found) const {
  for (const auto& name : names_in(root_.get(), "staging")) {
    const base::Descriptor file(
        ::openat(staging_.get(), name.c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC));
    // It has gone meanwhile, or it is none of ours.
    if (file.get() < 0) continue;
    // While it is looked at nobody can begin to receive into it.
    on_found(name, !lock_file(file));
  }
}

bool Disk::remove_staged(const std::string& name, std::chrono::system_clock::time_point before) {
  struct stat facts {};
  if (::fstatat(staging_.get(), name.c_str(), &facts, AT_SYMLINK_NOFOLLOW) != 0) return false;
  if (std::chrono::system_clock::from_time_t(facts.st_mtime) > before) return false;
  return ::unlinkat(staging_.get(), name.c_str(), 0) == 0;
}

void Disk::remove(const base::Sha256& sha256) const {
  const auto name = base::to_hex(sha256);
  const auto path = name.substr(0, 2) + "/" + name.substr(2, 2) + "/" + name;
  if (::unlinkat(objects_.get(), path.c_str(), 0) != 0 && errno != ENOENT && errno != ENOTDIR)
    throw_failed("delete a content");
}

void Disk::quarantine(const Found& found) {
  auto name = found.place;
  std::ranges::replace(name, '/', '_');
  name = "quarantine/" + name;
  if (::renameat(root_.get(), found.place.c_str(), root_.get(), name.c_str()) != 0)
    throw_failed("put '" + found.place + "' aside");
  sync_folder(root_.get());
}

}  // namespace devy::storage
