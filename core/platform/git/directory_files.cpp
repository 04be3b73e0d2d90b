#include "core/platform/git/directory_files.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>
#include <vector>

#include "core/platform/base/error.hpp"
#include "core/platform/base/hex.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/base/sha256.hpp"
#include "core/platform/git/object_format.hpp"

namespace devy::git {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorKind;
using snapshot::BlobId;

Error unreadable(const fs::path& path, const std::string& cause) {
  return {ErrorKind::not_found, "unable to read '" + base::safe_text(path.string()) + "': " + cause,
          "Give the folder that holds the posts, and check that you may read it."};
}

constexpr unsigned folder_mode = 0040000, file_mode = 0100644, link_mode = 0120000;
// Git knows no folder without files: so many entries, as a multiple of what a tree may have, are
// searched for them, and beyond that a folder counts as one that has some.
constexpr std::uint64_t searched_trees_max = 4;

BlobId id_of(unsigned mode, const std::string& path) {
  const auto digest = base::sha256(std::to_string(mode) + " " + path);
  BlobId id;
  std::copy_n(digest.begin(), id.bytes.size(), id.bytes.begin());
  return id;
}

Error rejected(const std::string& cause, const std::string& limit, const char* code) {
  return {ErrorKind::rejected, "unable to read the folder's files: " + cause,
          "Give a folder with less in it, or raise " + limit + ".", code};
}

// Turns what the file system refuses into our own error.
template <class Function>
auto reading(const Function& function) {
  try {
    return function();
  } catch (const fs::filesystem_error& error) {
    throw unreadable(error.path1(), error.code().message());
  }
}

std::string canonical_folder(const std::string& directory) {
  std::error_code failed;
  const auto path = fs::canonical(directory, failed);
  if (failed || !fs::is_directory(path)) throw unreadable(directory, "it is not a folder");
  // Nothing could be uploaded from there.
  if (const auto format = object_format_of(path); format != known_object_format)
    throw object_format_unsupported("read " + base::in_quotes(directory), format);
  return path.string();
}

}  // namespace

// Decides which files git would leave out of a work tree.
class DirectoryFiles::Ignores {
 public:
  explicit Ignores(const fs::path& directory) {
    git_repository* repository = nullptr;
    if (git_repository_open_ext(&repository, directory.c_str(), 0, nullptr) < 0) return;
    repository_.reset(repository);
    if (git_repository_is_bare(repository) != 0)
      throw Error(ErrorKind::rejected,
                  "unable to read '" + directory.string() + "': it is a repository without files",
                  "Give a work tree of it.");
    const fs::path work_tree = fs::weakly_canonical(git_repository_workdir(repository));
    prefix_ = fs::relative(directory, work_tree).generic_string();
    prefix_ = prefix_ == "." ? "" : prefix_ + "/";
    git_index* index = nullptr;
    check_git(git_repository_index(&index, repository), "read the index");
    index_.reset(index);
  }

  // `path` relative to the directory.
  [[nodiscard]] bool leaves_out(const std::string& path, bool is_folder) const {
    if (!repository_ || is_tracked(path, is_folder)) return false;
    int is_ignored = 0;
    const auto asked = prefix_ + path + (is_folder ? "/" : "");
    return git_ignore_path_is_ignored(&is_ignored, repository_.get(), asked.c_str()) == 0 &&
           is_ignored != 0;
  }

 private:
  // A tracked file is never ignored, nor is a folder that has one.
  [[nodiscard]] bool is_tracked(const std::string& path, bool is_folder) const {
    const auto full = prefix_ + path;
    if (!is_folder) return git_index_get_bypath(index_.get(), full.c_str(), 0) != nullptr;
    std::size_t position = 0;
    return git_index_find_prefix(&position, index_.get(), (full + "/").c_str()) == 0;
  }

  RepositoryHandle repository_;
  IndexHandle index_;
  std::string prefix_;
};

struct DirectoryFiles::Listed {
  std::string name, path;
  unsigned mode = 0;
  std::uint64_t bytes = 0;
};

DirectoryFiles::DirectoryFiles(const std::string& directory, const std::string& repository,
                               const config::Limits& limits)
    : directory_((use_libgit2(), canonical_folder(directory))),
      repository_path_(repository),
      limits_(limits),
      ignores_(std::make_unique<Ignores>(directory_)),
      repository_(init_bare(repository)),
      odb_(odb_of(repository_.get())),
      kept_(repository, limits),
      root_(id_of(folder_mode, "")) {
  places_.emplace(root_, Place{});
}

DirectoryFiles::~DirectoryFiles() = default;

const DirectoryFiles::Place& DirectoryFiles::place_of(const BlobId& id) const {
  const auto found = places_.find(id);
  if (found == places_.end())
    throw Error(ErrorKind::internal, "unable to read object " + id.hex() + ": nobody listed it");
  return found->second;
}

// The entries that git would have, in no order; folders without files among them.
std::vector<DirectoryFiles::Listed> DirectoryFiles::list(const std::string& folder) const {
  std::vector<Listed> entries;
  for (const auto& entry : fs::directory_iterator(fs::path(directory_) / folder)) {
    Listed listed;
    listed.name = entry.path().filename().string();
    listed.path = folder.empty() ? listed.name : folder + "/" + listed.name;
    const auto status = entry.symlink_status();
    const bool is_folder = fs::is_directory(status);
    if (listed.name == ".git" || ignores_->leaves_out(listed.path, is_folder)) continue;
    // A nested repository is a submodule for git, and is none of the files.
    if (is_folder && fs::exists(entry.path() / ".git")) continue;
    if (is_folder) listed.mode = folder_mode;
    else if (fs::is_symlink(status)) listed.mode = link_mode;
    else if (fs::is_regular_file(status)) listed.mode = file_mode;
    else continue;
    if (listed.mode == file_mode) listed.bytes = entry.file_size();
    if (entries.size() >= limits_.tree_entries_max)
      throw rejected("one folder has too many entries", "limits.tree_entries_max",
                     "tree_too_large");
    entries.push_back(std::move(listed));
  }
  return entries;
}

// Recursion is bounded by tree_depth_max.
bool DirectoryFiles::has_file(const std::string& folder, std::uint32_t depth) const {
  if (depth > limits_.tree_depth_max) return true;
  if (searched_entries_ > searched_trees_max * limits_.tree_entries_max) return true;
  const auto entries = list(folder);
  searched_entries_ += entries.size();
  if (std::ranges::any_of(entries, [](const Listed& entry) { return entry.mode != folder_mode; }))
    return true;
  return std::ranges::any_of(entries,
                             [&](const Listed& entry) { return has_file(entry.path, depth + 1); });
}

TreeEntry DirectoryFiles::entry_of(const Listed& listed) const {
  const auto id = id_of(listed.mode, listed.path);
  places_.insert_or_assign(id, Place{listed.path, listed.bytes});
  return {listed.name, listed.mode, id};
}

std::vector<TreeEntry> DirectoryFiles::tree(const BlobId& id) const {
  return reading([&] {
    const auto folder = place_of(id).path;
    const auto depth = static_cast<std::uint32_t>(std::ranges::count(folder, '/')) + 1;
    std::vector<TreeEntry> entries;
    for (const auto& listed : list(folder))
      if (listed.mode != folder_mode || has_file(listed.path, depth))
        entries.push_back(entry_of(listed));
    sort_as_git_does(entries);
    return entries;
  });
}

// The number of entries is known only when they are listed, within a limit of their own.
std::uint64_t DirectoryFiles::tree_entries_min(const BlobId& /*id*/) const {
  return 0;
}

std::uint64_t DirectoryFiles::blob_bytes(const BlobId& id) const {
  return place_of(id).bytes;
}

std::string DirectoryFiles::blob(const BlobId& id, std::uint64_t bytes_max) const {
  const auto& place = place_of(id);
  if (place.bytes > bytes_max)
    throw file_too_large("'" + base::safe_text(place.path) + "'", place.bytes, bytes_max);
  return kept_.blob(reading([&] { return keep(place); }), bytes_max);
}

BlobId DirectoryFiles::keep(const Place& place) const {
  if (const auto found = kept_by_path_.find(place.path); found != kept_by_path_.end())
    return found->second;
  const auto oid = copy(place);
  const auto id = to_blob_id(oid);
  kept_by_path_.emplace(place.path, id);
  if (!kept_contents_.insert(id).second) return id;
  const auto hex = id.hex();
  packed_bytes_ +=
      fs::file_size(repository_path_ + "/objects/" + hex.substr(0, 2) + "/" + hex.substr(2));
  if (packed_bytes_ > limits_.pack_bytes_max)
    throw rejected("the files that posts need have more than " +
                       std::to_string(limits_.pack_bytes_max) + " bytes even when packed",
                   "limits.pack_bytes_max", "pack_too_large");
  return id;
}

git_oid DirectoryFiles::copy(const Place& place) const {
  const auto path = fs::path(directory_) / place.path;
  const auto size = place.bytes;
  std::ifstream file(path, std::ios::binary);
  if (!file) throw unreadable(path, "it cannot be opened");
  git_odb_stream* raw = nullptr;
  check_git(
      git_odb_open_wstream(&raw, odb_.get(), static_cast<git_object_size_t>(size), GIT_OBJECT_BLOB),
      "write a file");
  const OdbStreamHandle stream(raw);
  std::array<char, std::size_t{64} * 1024> buffer{};
  std::uintmax_t left = size;
  while (left > 0 && file) {
    file.read(buffer.data(),
              static_cast<std::streamsize>(std::min<std::uintmax_t>(left, buffer.size())));
    const auto count = static_cast<std::size_t>(file.gcount());
    check_git(git_odb_stream_write(raw, buffer.data(), count), "write a file");
    left -= count;
  }
  if (left > 0) throw unreadable(path, "it changed while it was read");
  git_oid id;
  check_git(git_odb_stream_finalize_write(&id, raw), "write a file");
  return id;
}

}  // namespace devy::git
