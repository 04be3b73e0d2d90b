#include "core/platform/git/merge_lines.hpp"

#include "core/platform/git/git_handle.hpp"

namespace devy::git {
namespace {

git_merge_file_input merge_input(std::string_view text) {
  git_merge_file_input input = GIT_MERGE_FILE_INPUT_INIT;
  input.ptr = text.data();
  input.size = text.size();
  return input;
}

struct MergedFile {
  git_merge_file_result result{};
  MergedFile() = default;
  MergedFile(const MergedFile&) = delete;
  MergedFile& operator=(const MergedFile&) = delete;
  ~MergedFile() { git_merge_file_result_free(&result); }
};

}  // namespace

std::optional<std::string> merge_lines(std::string_view base, std::string_view ours,
                                       std::string_view theirs) {
  use_libgit2();
  const auto ancestor = merge_input(base);
  const auto our = merge_input(ours);
  const auto their = merge_input(theirs);
  MergedFile merged;
  check_git(git_merge_file(&merged.result, &ancestor, &our, &their, nullptr), "merge two texts");
  if (merged.result.automergeable == 0) return std::nullopt;
  return std::string(merged.result.ptr, merged.result.len);
}

}  // namespace devy::git
