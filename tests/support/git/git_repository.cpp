#include "tests/support/git/git_repository.hpp"

#include <filesystem>
#include <stdexcept>

#include "tests/support/git/git_run.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::testing {
namespace {

namespace fs = std::filesystem;

constexpr long first_commit_at = 1'704'103'200;  // 2024-01-01 10:00 UTC

std::string to_bytes(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  return bytes;
}

}  // namespace

void make_bare_repository(const std::string& path, const std::string& default_branch) {
  fs::create_directories(path);
  testing::git({"init", "-q", "--bare", "-b", default_branch, path});
  testing::git({"-C", path, "config", "http.receivepack", "true"});
  // As at GitHub.
  testing::git({"-C", path, "config", "uploadpack.allowFilter", "true"});
}

GitRepository::GitRepository(std::string folder, const std::string& default_branch)
    : folder_(std::move(folder)) {
  fs::create_directories(folder_);
  testing::git({"init", "-q", "-b", default_branch, folder_});
}

std::string GitRepository::git(std::vector<std::string> arguments, std::string_view input) {
  arguments.insert(arguments.begin(), {"-C", folder_});
  const auto time = std::to_string(first_commit_at + 60L * commits_) + " +0000";
  auto result = run_git({.arguments = arguments,
                         .input = input,
                         .environment = {"GIT_AUTHOR_DATE=" + time, "GIT_COMMITTER_DATE=" + time}});
  if (result.status != 0)
    throw std::runtime_error("git " + arguments.at(2) + ": " + result.complaints);
  if (result.output.ends_with('\n')) result.output.pop_back();
  return std::move(result.output);
}

void GitRepository::write_file(std::string_view path, std::string_view text) {
  write_text(folder_ + "/" + std::string(path), text);
}

void GitRepository::link(std::string_view path, std::string_view target) {
  const fs::path whole = folder_ + "/" + std::string(path);
  fs::create_directories(whole.parent_path());
  fs::create_symlink(target, whole);
}

void GitRepository::remove_file(std::string_view path) {
  fs::remove_all(folder_ + "/" + std::string(path));
}

void GitRepository::rename(std::string_view from, std::string_view to) {
  const fs::path target = folder_ + "/" + std::string(to);
  fs::create_directories(target.parent_path());
  fs::rename(folder_ + "/" + std::string(from), target);
}

std::string GitRepository::commit(const std::string& message) {
  git({"add", "-A"});
  git({"commit", "-q", "--allow-empty", "--no-verify", "-m", message});
  ++commits_;
  return head();
}

std::string GitRepository::commit_tree(const std::string& tree) {
  const auto parent =
      run_git({.arguments = {"-C", folder_, "rev-parse", "-q", "--verify", "HEAD"}});
  std::vector<std::string> arguments{"commit-tree", tree, "-m", "A tree made by hand"};
  if (parent.status == 0) arguments.insert(arguments.end(), {"-p", parent.output.substr(0, 40)});
  const auto commit = git(arguments);
  ++commits_;
  git({"update-ref", "HEAD", commit});
  return commit;
}

std::string GitRepository::make_tree(std::string_view lines) {
  return git({"mktree", "--missing"}, lines);
}

std::string GitRepository::make_blob(std::string_view bytes) {
  return git({"hash-object", "-w", "--stdin"}, bytes);
}

std::string GitRepository::make_raw_tree(const std::vector<RawEntry>& entries) {
  std::string bytes;
  for (const auto& entry : entries) {
    bytes += entry.mode + " " + entry.name;
    bytes += '\0';
    bytes += to_bytes(entry.id);
  }
  return git({"hash-object", "-w", "-t", "tree", "--literally", "--stdin"}, bytes);
}

std::string GitRepository::head() {
  return git({"rev-parse", "HEAD"});
}

void GitRepository::new_branch(const std::string& name) {
  git({"switch", "-q", "-c", name});
}

void GitRepository::switch_to(const std::string& name) {
  git({"switch", "-q", name});
}

void GitRepository::tag(const std::string& name) {
  git({"tag", name});
}

void GitRepository::reset_to(const std::string& commit) {
  git({"reset", "-q", "--hard", commit});
}

void GitRepository::push(const std::string& remote) {
  git({"push", "-q", remote, "HEAD"});
}

void GitRepository::force_push(const std::string& remote) {
  git({"push", "-q", "--force", remote, "HEAD"});
}

void GitRepository::delete_branch(const std::string& bare, const std::string& name) {
  testing::git({"-C", bare, "update-ref", "-d", "refs/heads/" + name});
}

}  // namespace devy::testing
