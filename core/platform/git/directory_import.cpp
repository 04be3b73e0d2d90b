#include "core/platform/git/directory_import.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <optional>
#include <vector>

#include "core/platform/base/error.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/git/git_handle.hpp"
#include "core/platform/git/object_format.hpp"
#include "core/platform/git/object_store.hpp"

namespace devy::git {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorKind;

Error unreadable(const fs::path& path, const std::string& cause) {
  return {ErrorKind::not_found, "unable to read '" + base::safe_text(path.string()) + "': " + cause,
          "Give the folder that holds the posts, and check that you may read it."};
}

// Decides which files git would leave out of a work tree.
class Ignores {
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

class Import {
 public:
  Import(const fs::path& directory, const std::string& repository, const config::Limits& limits)
      : directory_(directory),
        limits_(limits),
        ignores_(directory),
        repository_(init_bare(repository)),
        odb_(odb_of(repository_.get())) {}

  // Returns nothing for a folder without files, which git cannot store. Recursion is bounded by
  // tree_depth_max.
  std::optional<git_oid> add_folder(const std::string& folder, std::uint32_t depth) {
    if (depth > limits_.tree_depth_max)
      throw rejected("'" + base::safe_text(folder) + "' is too many folders deep",
                     "limits.tree_depth_max", "tree_too_deep");
    git_treebuilder* raw = nullptr;
    check_git(git_treebuilder_new(&raw, repository_.get(), nullptr), "make a tree");
    const TreeBuilderHandle tree(raw);
    std::error_code failed;
    for (fs::directory_iterator entry(directory_ / folder, failed), end; !failed && entry != end;
         entry.increment(failed))
      add_entry(*entry, folder, depth, raw);
    if (failed) throw unreadable(directory_ / folder, failed.message());
    if (git_treebuilder_entrycount(raw) == 0 && depth > 0) return std::nullopt;
    git_oid id;
    check_git(git_treebuilder_write(&id, raw), "write a tree");
    return id;
  }

 private:
  static Error rejected(const std::string& cause, const std::string& limit, const char* code) {
    return {ErrorKind::rejected, "unable to read the folder's files: " + cause,
            "Give a folder with less in it, or raise " + limit + ".", code};
  }

  void add_entry(const fs::directory_entry& entry, const std::string& folder, std::uint32_t depth,
                 git_treebuilder* tree) {
    const auto name = entry.path().filename().string();
    const auto path = folder.empty() ? name : folder + "/" + name;
    const auto status = entry.symlink_status();
    const bool is_folder = fs::is_directory(status);
    if (name == ".git" || ignores_.leaves_out(path, is_folder)) return;
    if (++count_ > limits_.tree_entries_max)
      throw rejected("too many entries", "limits.tree_entries_max", "tree_too_large");
    if (is_folder) {
      // A nested repository is a submodule for git, and is not imported.
      if (fs::exists(entry.path() / ".git")) return;
      if (const auto id = add_folder(path, depth + 1)) insert(tree, name, *id, GIT_FILEMODE_TREE);
    } else if (fs::is_symlink(status)) {
      insert(tree, name, write(fs::read_symlink(entry.path()).string()), GIT_FILEMODE_LINK);
    } else if (fs::is_regular_file(status)) {
      insert(tree, name, copy(entry), GIT_FILEMODE_BLOB);
    }
  }

  static void insert(git_treebuilder* tree, const std::string& name, const git_oid& id,
                     git_filemode_t mode) {
    check_git(git_treebuilder_insert(nullptr, tree, name.c_str(), &id, mode),
              "add '" + base::safe_text(name) + "' to a tree");
  }

  git_oid write(const std::string& text) {
    git_oid id;
    check_git(git_odb_write(&id, odb_.get(), text.data(), text.size(), GIT_OBJECT_BLOB),
              "write a file");
    return id;
  }

  git_oid copy(const fs::directory_entry& entry) {
    const auto size = entry.file_size();
    bytes_ += size;
    if (bytes_ > limits_.pack_bytes_max)
      throw rejected("too many bytes", "limits.pack_bytes_max", "pack_too_large");
    std::ifstream file(entry.path(), std::ios::binary);
    if (!file) throw unreadable(entry.path(), "it cannot be opened");
    git_odb_stream* raw = nullptr;
    check_git(git_odb_open_wstream(&raw, odb_.get(), static_cast<git_object_size_t>(size),
                                   GIT_OBJECT_BLOB),
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
    if (left > 0) throw unreadable(entry.path(), "it changed while it was read");
    git_oid id;
    check_git(git_odb_stream_finalize_write(&id, raw), "write a file");
    return id;
  }

  fs::path directory_;
  const config::Limits& limits_;
  Ignores ignores_;
  RepositoryHandle repository_;
  OdbHandle odb_;
  std::uint32_t count_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace

snapshot::BlobId import_files(const std::string& directory, const std::string& repository,
                              const config::Limits& limits) {
  use_libgit2();
  std::error_code failed;
  const auto path = fs::canonical(directory, failed);
  if (failed || !fs::is_directory(path)) throw unreadable(directory, "it is not a folder");
  // Nothing could be uploaded from there.
  if (const auto format = object_format_of(path); format != known_object_format)
    throw object_format_unsupported("read " + base::in_quotes(directory), format);
  try {
    return to_blob_id(Import(path, repository, limits).add_folder("", 0).value());
  } catch (const fs::filesystem_error& error) {
    throw unreadable(error.path1(), error.code().message());
  }
}

}  // namespace devy::git
