#pragma once
// Wraps each of libgit2's handles once, and sets its global state once. Private to this folder: the
// only header that names git2. A failed call gives a GitFailure, which the caller turns into an
// Error that says what was attempted.

#include <git2.h>

#include <memory>
#include <string>

#include "core/platform/base/error.hpp"

namespace devy::git {

template <auto free_handle>
struct HandleDeleter {
  template <class Handle>
  void operator()(Handle* handle) const {
    free_handle(handle);
  }
};
template <class Handle, auto free_handle>
using GitHandle = std::unique_ptr<Handle, HandleDeleter<free_handle>>;

using RepositoryHandle = GitHandle<git_repository, git_repository_free>;
using RemoteHandle = GitHandle<git_remote, git_remote_free>;
using OdbHandle = GitHandle<git_odb, git_odb_free>;
using OdbObjectHandle = GitHandle<git_odb_object, git_odb_object_free>;
using OdbStreamHandle = GitHandle<git_odb_stream, git_odb_stream_free>;
using CommitHandle = GitHandle<git_commit, git_commit_free>;
using TreeHandle = GitHandle<git_tree, git_tree_free>;
using TreeBuilderHandle = GitHandle<git_treebuilder, git_treebuilder_free>;
using IndexHandle = GitHandle<git_index, git_index_free>;
using ConfigHandle = GitHandle<git_config, git_config_free>;
using DiffHandle = GitHandle<git_diff, git_diff_free>;

// libgit2's own message and numbers for a failure.
struct GitFailure {
  int result = 0;       // GIT_ENOTFOUND, …
  int error_class = 0;  // GIT_ERROR_NET, …
  std::string message;
};

// Returns the last error of this thread; its message is empty when libgit2 gave none.
[[nodiscard]] GitFailure last_failure(int result);

// Throws Error(internal) "unable to <action>: <libgit2's message>" when `result` is negative;
// running out of memory or disk becomes out_of_memory and disk_full.
void check_git(int result, const std::string& action);

// Two kinds of failure are this machine's, whatever libgit2 was doing.
[[nodiscard]] bool is_out_of_memory(const GitFailure& failure);
[[nodiscard]] bool is_disk_full(const GitFailure& failure);
[[noreturn]] void throw_out_of_memory(const std::string& action);
[[noreturn]] void throw_disk_full(const std::string& action);

// Initialises libgit2 once per process: no configuration of the user or the machine is read, owners
// are not compared (nothing of a repository is ever executed here), and packs are mapped in pieces
// small enough for a process with an address space limit.
void use_libgit2();

// Each call below returns a complete handle, or throws "unable to <action>".
[[nodiscard]] RepositoryHandle init_bare(const std::string& path);
[[nodiscard]] RepositoryHandle open_bare(const std::string& path);
[[nodiscard]] OdbHandle odb_of(git_repository* repository);

}  // namespace devy::git
