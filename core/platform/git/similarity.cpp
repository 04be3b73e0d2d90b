#include "core/platform/git/similarity.hpp"

#include <git2/sys/mempack.h>
#include <git2/sys/repository.h>

#include <algorithm>
#include <charconv>

#include "core/platform/git/git_handle.hpp"

namespace devy::git {
namespace {

// Half of the lines in common, as git itself has it.
constexpr std::uint16_t similarity_percent_min = 50;

// A repository that is nowhere but in memory.
struct Scratch {
  OdbHandle odb;
  RepositoryHandle repository;
};

Scratch make_scratch() {
  use_libgit2();
  Scratch scratch;
  git_odb* odb = nullptr;
  check_git(git_odb_new(&odb), "make an object store");
  scratch.odb.reset(odb);
  git_odb_backend* memory = nullptr;
  check_git(git_mempack_new(&memory), "make an object store");
  check_git(git_odb_add_backend(odb, memory, 1), "make an object store");
  git_repository* repository = nullptr;
  check_git(git_repository_wrap_odb(&repository, odb), "make a repository");
  scratch.repository.reset(repository);
  return scratch;
}

// Names are positions: the candidates' own paths may be of any kind.
std::string name_of(std::size_t position) {
  return std::to_string(position);
}

std::size_t position_in(const char* name) {
  const std::string_view text = name;
  std::size_t position = 0;
  std::from_chars(text.data(), text.data() + text.size(), position);
  return position;
}

// `first`: where the numbering begins; the two sides must not share a name.
TreeHandle write_tree(const Scratch& scratch, const std::vector<Candidate>& candidates,
                      std::size_t first) {
  git_treebuilder* builder = nullptr;
  check_git(git_treebuilder_new(&builder, scratch.repository.get(), nullptr), "make a tree");
  const TreeBuilderHandle owner(builder);
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    git_oid id;
    const auto& text = candidates[i].text;
    check_git(git_odb_write(&id, scratch.odb.get(), text.data(), text.size(), GIT_OBJECT_BLOB),
              "write a text");
    check_git(git_treebuilder_insert(nullptr, builder, name_of(first + i).c_str(), &id,
                                     GIT_FILEMODE_BLOB),
              "make a tree");
  }
  git_oid id;
  check_git(git_treebuilder_write(&id, builder), "write a tree");
  git_tree* tree = nullptr;
  check_git(git_tree_lookup(&tree, scratch.repository.get(), &id), "read a tree");
  return TreeHandle(tree);
}

}  // namespace

std::vector<SimilarPair> find_similar(const std::vector<Candidate>& deleted,
                                      const std::vector<Candidate>& created) {
  if (deleted.empty() || created.empty()) return {};
  const auto scratch = make_scratch();
  const auto before = write_tree(scratch, deleted, 0);
  const auto after = write_tree(scratch, created, deleted.size());
  git_diff* raw = nullptr;
  check_git(
      git_diff_tree_to_tree(&raw, scratch.repository.get(), before.get(), after.get(), nullptr),
      "compare files");
  const DiffHandle diff(raw);
  git_diff_find_options options;
  check_git(git_diff_find_options_init(&options, GIT_DIFF_FIND_OPTIONS_VERSION), "compare files");
  options.flags = GIT_DIFF_FIND_RENAMES;
  options.rename_threshold = similarity_percent_min;
  options.rename_limit = std::max(deleted.size(), created.size());
  check_git(git_diff_find_similar(raw, &options), "compare files");

  std::vector<SimilarPair> pairs;
  for (std::size_t i = 0; i < git_diff_num_deltas(raw); ++i) {
    const auto* delta = git_diff_get_delta(raw, i);
    if (delta->status != GIT_DELTA_RENAMED) continue;
    pairs.push_back({deleted.at(position_in(delta->old_file.path)).path,
                     created.at(position_in(delta->new_file.path) - deleted.size()).path});
  }
  std::ranges::sort(pairs, {}, &SimilarPair::to);
  return pairs;
}

}  // namespace devy::git
