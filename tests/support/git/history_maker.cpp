#include "tests/support/git/history_maker.hpp"

#include <iterator>

#include "tests/support/git/git_run.hpp"

namespace devy::testing {
namespace {

std::string mark(int number) {
  return ":" + std::to_string(number);
}

std::string data_line(const std::string& text) {
  return "data " + std::to_string(text.size()) + "\n" + text + "\n";
}

std::string modified(int blob, const std::string& path) {
  return "M 100644 " + mark(blob) + " " + path + "\n";
}

std::string deleted(const std::string& path) {
  return "D " + path + "\n";
}

}  // namespace

std::uint32_t HistoryMaker::random(std::uint32_t below) {
  seed_ = seed_ * 1'664'525U + 1'013'904'223U;
  return (seed_ >> 8U) % below;
}

int HistoryMaker::new_blob() {
  const int blob = ++marks_;
  stream_ += "blob\nmark " + mark(blob) + "\n" + data_line("post " + std::to_string(blob) + "\n");
  return blob;
}

std::string HistoryMaker::any_path() {
  return std::next(files_.begin(), random(static_cast<std::uint32_t>(files_.size())))->first;
}

void HistoryMaker::add_file(std::vector<Change>& changes) {
  const auto folder = std::to_string(made_ * shape_.folders / shape_.files);
  const auto path = "posts/" + folder + "/" + std::to_string(++made_) + ".md";
  changes.push_back(modified(files_[path] = new_blob(), path));
}

void HistoryMaker::edit(std::vector<Change>& changes) {
  const auto path = any_path();
  changes.push_back(modified(files_[path] = new_blob(), path));
}

void HistoryMaker::move(std::vector<Change>& changes) {
  const auto from = any_path();
  const auto to = "moved/" + std::to_string(random(9)) + "/" + std::to_string(++made_) + ".md";
  const int blob = files_.at(from);
  files_.erase(from);
  files_[to] = blob;
  changes.push_back(deleted(from));
  changes.push_back(modified(blob, to));
}

void HistoryMaker::remove_or_restore(std::vector<Change>& changes) {
  if (!removed_.empty() && random(2) == 0) {
    const auto path = removed_.back();
    removed_.pop_back();
    changes.push_back(modified(files_[path] = new_blob(), path));
    return;
  }
  const auto path = any_path();
  files_.erase(path);
  removed_.push_back(path);
  changes.push_back(deleted(path));
}

int HistoryMaker::commit(const std::string& branch, const std::vector<Change>& changes,
                         int merged) {
  seconds_ += 3'600;
  const int number = ++marks_;
  const auto person = [](int seconds) {
    return "A Person <person@example.org> " + std::to_string(seconds) + " +0200\n";
  };
  stream_ += "commit refs/heads/" + branch + "\nmark " + mark(number) + "\nauthor " +
             person(seconds_ - 1'800) + "committer " + person(seconds_) + data_line("Change posts");
  if (merged != 0) stream_ += "from " + mark(main_) + "\nmerge " + mark(merged) + "\n";
  else if (main_ != 0 && branch == "main") stream_ += "from " + mark(main_) + "\n";
  for (const auto& change : changes)
    stream_ += change;
  stream_ += "\n";
  if (branch == "main") main_ = number;
  return number;
}

// A file is added and another one moved beside the main branch, on which a third one is added.
void HistoryMaker::side_branch() {
  stream_ += "reset refs/heads/side\nfrom " + mark(main_) + "\n\n";
  std::vector<Change> first, second, on_main;
  add_file(first);
  commit("side", first);
  move(second);
  const int side = commit("side", second);
  add_file(on_main);
  commit("main", on_main);
  first.insert(first.end(), second.begin(), second.end());
  commit("main", first, side);
}

std::vector<std::string> HistoryMaker::write(const std::string& bare) {
  for (int i = 0; i < shape_.commits; ++i) {
    std::vector<Change> changes;
    while (made_ < shape_.files && made_ <= i * shape_.files / shape_.commits)
      add_file(changes);
    if (shape_.has_changes && i > 2) {
      if (i % 5 == 1) move(changes);
      if (i % 4 == 2) edit(changes);
      if (i % 7 == 3) remove_or_restore(changes);
      if (i % 20 == 10) side_branch();
    }
    if (!shape_.has_changes && made_ >= shape_.files) edit(changes);
    commit("main", changes);
  }
  git({"-C", bare, "fast-import", "--quiet"}, stream_);
  stream_.clear();
  std::vector<std::string> paths;
  for (const auto& [path, blob] : files_)
    paths.push_back(path);
  return paths;
}

}  // namespace devy::testing
