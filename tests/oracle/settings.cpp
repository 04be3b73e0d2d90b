#include "tests/oracle/settings.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>

#include "tests/support/git/git_run.hpp"

namespace devy::testing {
namespace {

std::vector<std::string> split_at_nul(const std::string& text) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, '\0');)
    parts.push_back(part);
  return parts;
}

// The strings between `from` and `to`, in either kind of quotes.
std::vector<std::string> strings_in(const std::string& text, std::size_t from, std::size_t to) {
  std::vector<std::string> strings;
  while ((from = text.find_first_of("\"'", from)) < to) {
    const auto end = text.find(text[from], from + 1);
    if (end == std::string::npos) break;
    strings.push_back(text.substr(from + 1, end - from - 1));
    from = end + 1;
  }
  return strings;
}

// Where the value of a key begins: behind the equals sign of the line that begins with it.
std::size_t value_of(const std::string& text, const std::string& key) {
  std::size_t line = 0;
  while (line < text.size()) {
    const auto end = std::min(text.find('\n', line), text.size());
    const auto equals = text.find('=', line);
    if (equals < end && text.substr(line, key.size()) == key &&
        text.find_first_not_of(' ', line + key.size()) == equals)
      return equals + 1;
    line = end + 1;
  }
  return std::string::npos;
}

class ScratchRepository {
 public:
  explicit ScratchRepository(const std::vector<std::string>& globs) {
    std::string name = (std::filesystem::temp_directory_path() / "oracle-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("unable to make a folder");
    folder_ = name;
    git({"init", "-q", name});
    std::ofstream exclude(name + "/.git/info/exclude");
    for (const auto& glob : globs)
      exclude << glob << '\n';
  }
  ScratchRepository(const ScratchRepository&) = delete;
  ScratchRepository& operator=(const ScratchRepository&) = delete;
  ~ScratchRepository() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  [[nodiscard]] const std::string& folder() const { return folder_; }

 private:
  std::string folder_;
};

}  // namespace

BlogSettings read_blog_settings(const std::string& repository, const std::string& commit) {
  BlogSettings settings;
  const auto shown = run_git({{"-C", repository, "cat-file", "blob", commit + ":devy.toml"}});
  if (shown.status != 0) return settings;
  const auto& text = shown.output;
  if (const auto at = value_of(text, "root"); at != std::string::npos)
    for (auto& root : strings_in(text, at, std::min(text.find('\n', at), text.size())))
      settings.root = std::move(root);
  if (const auto at = value_of(text, "ignore"); at != std::string::npos)
    settings.ignore = strings_in(text, at, std::min(text.find(']', at), text.size()));
  return settings;
}

std::vector<std::string> paths_of(const std::string& repository, const std::string& commit) {
  return split_at_nul(
      git({"-C", repository, "ls-tree", "-rz", "--name-only", "--full-tree", commit}));
}

std::function<bool(const std::string&)> ignored_by(const std::vector<std::string>& globs,
                                                   const std::vector<std::string>& paths) {
  if (globs.empty()) return {};
  const ScratchRepository scratch(globs);
  std::string asked;
  for (const auto& path : paths)
    asked += path + '\0';
  // Its status is 1 where nothing is ignored.
  const auto answer =
      run_git({{"-C", scratch.folder(), "check-ignore", "--no-index", "-z", "--stdin"}, asked});
  if (answer.status > 1) throw std::runtime_error("git check-ignore: " + answer.complaints);
  const auto ignored = split_at_nul(answer.output);
  return [set = std::set<std::string>(ignored.begin(), ignored.end())](const std::string& path) {
    return set.contains(path);
  };
}

}  // namespace devy::testing
