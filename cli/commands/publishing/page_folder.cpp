#include "cli/commands/publishing/page_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "core/platform/base/error.hpp"

namespace devy::cli {
namespace {

namespace fs = std::filesystem;
using base::Descriptor;
using base::Error;
using base::ErrorKind;

constexpr const char* mark = ".devy-preview";
constexpr std::string_view mark_text =
    "Made by `devy-upload preview`, which removes the folders posts and assets beside this file "
    "and "
    "writes them anew.\n";
constexpr std::size_t examples_max = 6;  // more than any question shows

[[noreturn]] void throw_unable(const std::string& path, int number) {
  const bool is_denied = number == EACCES || number == EPERM || number == EROFS;
  const bool is_in_the_way =
      number == ENOTDIR || number == ELOOP || number == EISDIR || number == EEXIST;
  throw Error(is_denied       ? ErrorKind::denied
              : is_in_the_way ? ErrorKind::conflict
                              : ErrorKind::internal,
              "unable to write '" + path + "': " + std::generic_category().message(number),
              is_in_the_way ? "Something else has that name; give another folder with --out."
                            : "Give a folder that can be written with --out.");
}

void write_all(int file, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const auto written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw_unable(path, errno);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

// A folder inside another one; a link is never followed.
Descriptor enter(int parent, const std::string& name, const std::string& path) {
  if (::mkdirat(parent, name.c_str(), 0777) != 0 && errno != EEXIST) throw_unable(path, errno);
  Descriptor folder(
      ::openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (folder.get() < 0) throw_unable(path, errno);
  return folder;
}

void remove_old_pages(const std::string& folder) {
  std::error_code error;
  // Removes links themselves, not what they point to.
  for (const char* name : {"posts", "assets"}) {
    fs::remove_all(fs::path(folder) / name, error);
    if (error) throw_unable(folder + "/" + name, error.value());
  }
}

}  // namespace

FolderContents look_into(const std::string& folder) {
  FolderContents contents;
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  if (error == std::errc::no_such_file_or_directory) return contents;
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    const auto name = entries->path().filename().string();
    ++contents.files;
    if (contents.examples.size() < examples_max) contents.examples.push_back(name);
    if (name == mark && fs::is_regular_file(entries->symlink_status(error))) contents.is_own = true;
  }
  if (error) throw_unable(folder, error.value());
  return contents;
}

PageFolder::PageFolder(const std::string& folder, const FolderContents& found) : folder_(folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw_unable(folder, error.value());
  descriptor_ = Descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor_.get() < 0) throw_unable(folder, errno);
  if (found.is_own) remove_old_pages(folder);
  // Before the first page, so that a run that was interrupted can be repeated.
  if (found.files == 0) write(mark, mark_text);
}

void PageFile::append(std::string_view bytes) const {
  write_all(file_.get(), bytes, path_);
}

void PageFolder::write(std::string_view path, std::string_view text) const {
  create(path).append(text);
}

PageFile PageFolder::create(std::string_view path) const {
  const auto whole = folder_ + "/" + std::string(path);
  Descriptor inner;
  int parent = descriptor_.get();
  for (auto slash = path.find('/'); slash != std::string_view::npos; slash = path.find('/')) {
    Descriptor next = enter(parent, std::string(path.substr(0, slash)), whole);
    inner = std::move(next);
    parent = inner.get();
    path.remove_prefix(slash + 1);
  }
  const std::string name(path);
  // The old file is removed first: if it is a link, hard or symbolic, the text must not be written
  // to its target.
  if (::unlinkat(parent, name.c_str(), 0) != 0 && errno != ENOENT) throw_unable(whole, errno);
  Descriptor file(
      ::openat(parent, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
  if (file.get() < 0) throw_unable(whole, errno);
  return {std::move(file), whole};
}

}  // namespace devy::cli
