#pragma once
// Makes a repository with a long history by `git fast-import`: files are added, edited, moved,
// deleted and made again, on the main branch and on side branches that are merged. The same shape
// gives the same ids everywhere. Every file's content is its own. One thread.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace devy::testing {

struct HistoryShape {
  int commits = 300;        // on the main branch, merges among them
  int files = 1'000;        // made in all, spread over the commits
  int folders = 24;         // in which they lie
  bool has_changes = true;  // moves, edits, deletions, side branches; else files are only added
};

class HistoryMaker {
 public:
  explicit HistoryMaker(const HistoryShape& shape) : shape_(shape) {}
  // Writes the history to the branch `main` of a bare repository; returns the paths at its end.
  std::vector<std::string> write(const std::string& bare);

 private:
  using Change = std::string;  // a line of a commit
  void add_file(std::vector<Change>& changes);
  void edit(std::vector<Change>& changes);
  void move(std::vector<Change>& changes);
  void remove_or_restore(std::vector<Change>& changes);
  int commit(const std::string& branch, const std::vector<Change>& changes, int merged = 0);
  void side_branch();
  int new_blob();
  std::string any_path();
  std::uint32_t random(std::uint32_t below);

  HistoryShape shape_;
  std::map<std::string, int> files_;  // path → mark of its blob
  std::vector<std::string> removed_;
  std::string stream_;
  int marks_ = 0, made_ = 0, seconds_ = 1'500'000'000;
  int main_ = 0;  // the mark of the main branch's commit
  std::uint32_t seed_ = 20'261'130;
};

}  // namespace devy::testing
