#include "tests/bench/blog_maker.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <stdexcept>

#include "tests/support/git/git_run.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::bench {
namespace {

using testing::git;

constexpr std::array<std::string_view, 24> words{
    "blog",  "a",      "commit", "the",    "reader", "writes", "of",   "server",
    "quiet", "branch", "and",    "merges", "in",     "query",  "with", "index",
    "slow",  "to",     "plan",   "every",  "night",  "table",  "from", "tests"};

// A fixed generator: the same posts everywhere.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed * 2654435761U + 1) {}
  std::uint64_t below(std::uint64_t bound) {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return (state_ >> 33U) % bound;
  }

 private:
  std::uint64_t state_;
};

std::string sentence(Dice& dice) {
  std::string text;
  const auto count = 8 + dice.below(14);
  for (std::uint64_t i = 0; i < count; ++i) {
    if (i > 0) text += ' ';
    text += words.at(dice.below(words.size()));
  }
  const auto extra = dice.below(8);
  if (extra == 0)
    text += " [see here](https://example.org/" + std::to_string(dice.below(999)) + ")";
  if (extra == 1) text += " `git rebase --onto`";
  if (extra == 2) text += " and *that* is **all**";
  return text + ".\n";
}

std::string post(int number, int edit) {
  Dice dice(static_cast<std::uint64_t>(number) + 1);
  std::string text = "---\ntitle: Post number " + std::to_string(number) +
                     "\ndate: 2024-01-02\ntags: [til, git]\n---\n\n";
  const auto sections = 1 + dice.below(4);
  for (std::uint64_t section = 0; section < sections; ++section) {
    text += "## Section " + std::to_string(section) + "\n\n";
    for (int line = 0; line < 4; ++line)
      text += sentence(dice);
    text += "\n```sql\nselect count(*) from post\nwhere blog = 'x';\n```\n\n";
    if (dice.below(20) == 0) text += "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n\n";
    if (dice.below(20) == 0) text += "A note[^1].\n\n[^1]: " + sentence(dice) + "\n";
    for (int item = 0; item < 3; ++item)
      text += "- " + sentence(dice);
    text += "\n";
  }
  if (edit > 0) text += "Edit " + std::to_string(edit) + ".\n";
  return text;
}

std::string path_of(int number) {
  return "notes/" + std::to_string(number % 40) + "/post-" + std::to_string(number) + ".md";
}

std::string data(const std::string& text) {
  return "data " + std::to_string(text.size()) + "\n" + text + "\n";
}

std::string commit_head(const std::string& message) {
  return "commit refs/heads/main\ncommitter A <a@example.org> 1704164645 +0000\n" + data(message);
}

}  // namespace

void make_blog(const std::string& path, int posts) {
  git({"init", "--quiet", "--bare", "--initial-branch=main", path});
  git({"-C", path, "config", "uploadpack.allowFilter", "true"});  // as at GitHub
  std::string stream = commit_head("Add posts");
  for (int number = 0; number < posts; ++number)
    stream += "M 644 inline " + path_of(number) + "\n" + data(post(number, 0));
  git({"-C", path, "fast-import", "--quiet"}, stream);
  git({"-C", path, "repack", "-adfq"});  // as a host keeps it
}

std::string push_one_edit(const std::string& path, int number) {
  const auto stream = commit_head("Edit a post") + "from refs/heads/main^0\nM 644 inline " +
                      path_of(number) + "\n" + data(post(number, 1 + number));
  git({"-C", path, "fast-import", "--quiet"}, stream);
  return git({"-C", path, "rev-parse", "main"});
}

void copy_repository(const std::string& source, const std::string& path) {
  git({"init", "--quiet", "--bare", "--initial-branch=main", path});
  git({"-C", path, "config", "uploadpack.allowFilter", "true"});  // as at GitHub
  git({"-C", path, "fetch", "--quiet", std::filesystem::absolute(source).string(),
       "HEAD:refs/heads/main"});
}

int export_markdown(const std::string& path, const std::string& folder) {
  const auto archive = folder + ".tar";
  git({"-C", path, "archive", "--output", archive, "main"});
  std::filesystem::create_directories(folder);
  if (std::system(("tar -xf '" + archive + "' -C '" + folder + "'").c_str()) != 0)
    throw std::runtime_error("unable to unpack " + archive);
  std::filesystem::remove(archive);
  int count = 0;
  for (auto entry = std::filesystem::recursive_directory_iterator(folder);
       entry != std::filesystem::recursive_directory_iterator(); ++entry) {
    if (!entry->is_regular_file()) continue;
    const auto name = entry->path().filename().string();
    const bool is_post = entry->path().extension() == ".md" && !name.starts_with("_");
    if (is_post) ++count;
    else std::filesystem::remove(entry->path());
  }
  return count;
}

}  // namespace devy::bench
