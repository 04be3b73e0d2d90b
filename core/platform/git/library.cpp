#include "core/platform/git/library.hpp"

#include "core/platform/git/git_handle.hpp"

namespace devy::git {

GitLibrary git_library() {
  int major = 0, minor = 0, revision = 0;
  git_libgit2_version(&major, &minor, &revision);
  const int features = git_libgit2_features();
  return {std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(revision),
          (features & GIT_FEATURE_HTTPS) != 0, (features & GIT_FEATURE_THREADS) != 0,
          major > 1 || (major == 1 && minor >= 7)};
}

std::int64_t cached_object_bytes() {
  use_libgit2();
  ssize_t current = 0, allowed = 0;
  git_libgit2_opts(GIT_OPT_GET_CACHED_MEMORY, &current, &allowed);
  return current;
}

}  // namespace devy::git
