#pragma once
// A real git repository with a work tree, driven by the git program. Ids are hex text, the same on
// every run: people and times are fixed, and each commit is a minute after the one before. One
// thread.
//
//   TempFolder folder;
//   make_bare_repository(folder / "alice/blog.git");
//   GitRepository author(folder / "work");
//   author.write_file("posts/hello.md", "# Hello");
//   const auto commit = author.commit("Say hello");
//   author.push(folder / "alice/blog.git");

#include <string>
#include <string_view>
#include <vector>

namespace devy::testing {

// Its default branch is `main`; a push over HTTP is allowed.
void make_bare_repository(const std::string& path, const std::string& default_branch = "main");

class GitRepository {
 public:
  explicit GitRepository(std::string folder, const std::string& default_branch = "main");

  [[nodiscard]] const std::string& folder() const { return folder_; }
  void write_file(std::string_view path, std::string_view text);
  void link(std::string_view path, std::string_view target);
  void remove_file(std::string_view path);
  void rename(std::string_view from, std::string_view to);
  // All that is in the work tree; an empty commit when nothing changed.
  std::string commit(const std::string& message = "Change posts");
  // A commit of a tree that no work tree could hold, made by hash-object or mktree; the current
  // branch then points to it.
  std::string commit_tree(const std::string& tree);
  // The tree with these entries: lines of `git ls-tree`, in any order and with any names.
  [[nodiscard]] std::string make_tree(std::string_view lines);
  [[nodiscard]] std::string make_blob(std::string_view bytes);
  // A tree object byte for byte, for names and orders git would refuse.
  struct RawEntry {
    std::string mode, name, id;
  };
  [[nodiscard]] std::string make_raw_tree(const std::vector<RawEntry>& entries);

  [[nodiscard]] std::string head();
  void new_branch(const std::string& name);  // and switches to it
  void switch_to(const std::string& name);
  void tag(const std::string& name);
  void reset_to(const std::string& commit);  // the branch and the work tree
  // The current branch, to a path or an address.
  void push(const std::string& remote);
  void force_push(const std::string& remote);
  static void delete_branch(const std::string& bare, const std::string& name);
  std::string git(std::vector<std::string> arguments, std::string_view input = {});

 private:
  std::string folder_;
  int commits_ = 0;
};

}  // namespace devy::testing
