#include "core/platform/git/git_handle.hpp"

#include <git2/sys/errors.h>

#include <array>

#include "core/platform/base/safe_text.hpp"
#include "core/platform/base/secret.hpp"

namespace devy::git {
namespace {

constexpr std::size_t mapped_window_bytes = std::size_t{8} * 1024 * 1024;
constexpr std::size_t mapped_bytes_max = std::size_t{96} * 1024 * 1024;
// A long history is read from end to end: what is kept of it for a second look is bounded. The
// trees of one commit, which the next one mostly shares, are among it.
constexpr std::int64_t cached_bytes_max = std::int64_t{4} * 1024 * 1024;
constexpr std::size_t cached_tree_bytes_max = std::size_t{1024} * 1024;

void set_options() {
  constexpr std::array levels{GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM,
                              GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL};
  for (const auto level : levels)
    check_git(git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, ""), "set up libgit2");
  // HOME may be unreadable after privileges were dropped.
  check_git(git_libgit2_opts(GIT_OPT_SET_HOMEDIR, "/nonexistent"), "set up libgit2");
  // The indexer has just hashed every object of a pack that no other process can reach.
  check_git(git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0), "set up libgit2");
  check_git(git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0), "set up libgit2");
  check_git(git_libgit2_opts(GIT_OPT_SET_MWINDOW_SIZE, mapped_window_bytes), "set up libgit2");
  check_git(git_libgit2_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, mapped_bytes_max), "set up libgit2");
  check_git(git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, static_cast<ssize_t>(cached_bytes_max)),
            "set up libgit2");
  check_git(
      git_libgit2_opts(GIT_OPT_SET_CACHE_OBJECT_LIMIT, GIT_OBJECT_TREE, cached_tree_bytes_max),
      "set up libgit2");
  // Each commit is read once. Over its limit libgit2 gives up eight objects for each one that
  // comes: while most of them are small commits, the large trees of one folder pile up beside them.
  check_git(git_libgit2_opts(GIT_OPT_SET_CACHE_OBJECT_LIMIT, GIT_OBJECT_COMMIT, std::size_t{0}),
            "set up libgit2");
}

}  // namespace

GitFailure last_failure(int result) {
  GitFailure failure{result, GIT_ERROR_NONE, {}};
  if (const git_error* error = git_error_last(); error != nullptr) {
    failure.error_class = error->klass;
    if (error->message != nullptr) failure.message = base::safe_text(base::redact(error->message));
  }
  git_error_clear();
  return failure;
}

bool is_out_of_memory(const GitFailure& failure) {
  return failure.error_class == GIT_ERROR_NOMEMORY ||
         failure.message.find("Cannot allocate memory") != std::string::npos;
}

bool is_disk_full(const GitFailure& failure) {
  return failure.message.find("No space left on device") != std::string::npos ||
         failure.message.find("Disk quota exceeded") != std::string::npos;
}

void throw_out_of_memory(const std::string& action) {
  throw base::Error(base::ErrorKind::internal, "unable to " + action + ": out of memory",
                    "Raise limits.worker_memory_bytes_max if the repository is one you trust.",
                    "out_of_memory");
}

void throw_disk_full(const std::string& action) {
  throw base::Error(base::ErrorKind::internal, "unable to " + action + ": no space left",
                    "Free some space, or set runtime_directory to a roomier place.", "disk_full");
}

void check_git(int result, const std::string& action) {
  if (result >= 0) return;
  const auto failure = last_failure(result);
  if (is_out_of_memory(failure)) throw_out_of_memory(action);
  if (is_disk_full(failure)) throw_disk_full(action);
  throw base::Error(
      base::ErrorKind::internal,
      "unable to " + action + ": " +
          (failure.message.empty() ? "libgit2 error " + std::to_string(result) : failure.message));
}

void use_libgit2() {
  static const bool ready = [] {
    check_git(git_libgit2_init(), "start libgit2");
    set_options();
    return true;
  }();
  static_cast<void>(ready);
}

RepositoryHandle init_bare(const std::string& path) {
  use_libgit2();
  git_repository* repository = nullptr;
  check_git(git_repository_init(&repository, path.c_str(), 1),
            "make a repository in '" + path + "'");
  return RepositoryHandle(repository);
}

RepositoryHandle open_bare(const std::string& path) {
  use_libgit2();
  git_repository* repository = nullptr;
  check_git(git_repository_open_bare(&repository, path.c_str()),
            "open the repository in '" + path + "'");
  return RepositoryHandle(repository);
}

OdbHandle odb_of(git_repository* repository) {
  git_odb* odb = nullptr;
  check_git(git_repository_odb(&odb, repository), "open the object store");
  return OdbHandle(odb);
}

}  // namespace devy::git
