#include "tests/support/git/repository_farm.hpp"

#include <filesystem>
#include <fstream>

#include "tests/support/git/git_run.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::testing {
namespace {

namespace fs = std::filesystem;

constexpr long first_farm_commit_at = 1'704'103'200;  // 2024-01-01 10:00 UTC

std::string data(const std::string& text) {
  return "data " + std::to_string(text.size()) + "\n" + text + "\n";
}

std::string file(const std::string& path, const std::string& text) {
  return "M 100644 inline " + path + "\n" + data(text);
}

std::string post(const std::string& title, int number) {
  std::string text = "# " + title + "\n\nVersion " + std::to_string(number) + ".\n";
  // About as long as a short post is.
  for (int n = 0; n < 12; ++n)
    text += "\nA paragraph with *emphasis*, `code` and a [link](https://example.test/" +
            std::to_string(n) + ") in it, which goes on for about a line.\n";
  return text;
}

}  // namespace

RepositoryFarm::RepositoryFarm(std::string root, std::vector<std::string> names, int commits)
    : root_(std::move(root)), names_(std::move(names)), commits_each_(commits) {
  const auto store = root_ + "/store.git", marks = store + "/marks";
  fs::create_directories(store);
  git({"init", "-q", "--bare", store});
  git({"-C", store, "fast-import", "--quiet", "--export-marks=" + marks}, stream());
  read_commits(marks);
  for (std::size_t place = 0; place < names_.size(); ++place)
    make_folder(place);
}

std::string RepositoryFarm::path(std::size_t place) const {
  return root_ + "/" + names_.at(place) + ".git";
}

const std::string& RepositoryFarm::commit(std::size_t place, int number) const {
  return commits_.at(place * static_cast<std::size_t>(commits_each_) +
                     static_cast<std::size_t>(number));
}

// Marks count from 1, in the order of commits_.
std::string RepositoryFarm::stream() const {
  std::string text;
  int mark = 0;
  for (std::size_t place = 0; place < names_.size(); ++place)
    for (int number = 0; number < commits_each_; ++number) {
      const auto who = "Ada Author <ada@example.test> " +
                       std::to_string(first_farm_commit_at + 60L * number) + " +0000\n";
      text += "commit refs/heads/r" + std::to_string(place) + "\nmark :" + std::to_string(++mark) +
              "\nauthor " + who + "committer " + who + data("Write");
      text += file("hello.md", post("Hello of " + names_[place], number));
      if (number > 0)
        text += file("post-" + std::to_string(number) + ".md",
                     post("Post " + std::to_string(number) + " of " + names_[place], number));
    }
  return text;
}

void RepositoryFarm::read_commits(const std::string& marks_file) {
  commits_.resize(names_.size() * static_cast<std::size_t>(commits_each_));
  std::ifstream marks(marks_file);
  for (std::string mark, id; marks >> mark >> id;)
    commits_.at(std::stoul(mark.substr(1)) - 1) = id;
}

void RepositoryFarm::make_folder(std::size_t place) const {
  const auto folder = path(place);
  fs::create_directories(folder + "/refs/heads");
  write_text(folder + "/HEAD", "ref: refs/heads/main\n");
  write_text(folder + "/config", "[core]\n\trepositoryformatversion = 0\n\tbare = true\n");
  write_text(folder + "/objects/info/alternates", root_ + "/store.git/objects\n");
  move_to(place, 0);
}

void RepositoryFarm::move_to(std::size_t place, int number) const {
  const auto reference = path(place) + "/refs/heads/main";
  write_text(reference + ".new", commit(place, number) + "\n");
  fs::rename(reference + ".new", reference);
}

std::string connect_all(const RepositoryFarm& farm,
                        const std::function<std::string(const std::string& name)>& url_of) {
  std::string values;
  for (std::size_t place = 0; place < farm.names().size(); ++place) {
    const auto& name = farm.names()[place];
    const auto slash = name.find('/');
    values += std::string(place == 0 ? "" : ",") + "(" + std::to_string(place + 1) + ",'" +
              name.substr(0, slash) + "','" + name.substr(slash + 1) + "','" + url_of(name) + "')";
  }
  return "set search_path = devy; create temp table wanted (n bigint, owner text, slug text, url "
         "text); insert into wanted values " +
         values +
         "; insert into account (username, is_supporter) select distinct owner, true from wanted;"
         "insert into repository (github_id, url, default_branch) select n, url, 'main' from "
         "wanted; insert into resource (kind, key, owner) select 'repository', r.id::text, w.owner"
         " from wanted w join repository r on r.github_id = w.n;"
         "insert into blog (account_id, repository_id, resource_id, slug) select a.id, r.id, s.id,"
         " w.slug from wanted w join account a on a.username = w.owner"
         " join repository r on r.github_id = w.n join resource s on s.key = r.id::text;";
}

}  // namespace devy::testing
