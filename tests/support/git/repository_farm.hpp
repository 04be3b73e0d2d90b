#pragma once
// Small bare repositories by the thousand, for little: their objects lie in one store that one run
// of `git fast-import` makes, and each is a folder of a few bytes that borrows from it. They can be
// fetched as any other. No two of them have a commit or a post in common. One thread.
//
//   RepositoryFarm farm(folder / "repositories", {"alice/blog", "bob/blog"}, 3);
//   fetch(server.url("bob/blog.git"));  // shows its first commit
//   farm.move_to(1, 2);                 // as if it had been pushed to

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace devy::testing {

class RepositoryFarm {
 public:
  // <root>/<name>.git for each name, whose branch `main` points to the first of `commits`: a post
  // hello.md, "Hello of <name>". Each later commit changes that post and adds another.
  RepositoryFarm(std::string root, std::vector<std::string> names, int commits = 1);

  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  [[nodiscard]] std::string path(std::size_t place) const;
  // Of a repository by its place in names(), the `number`-th, from 0.
  [[nodiscard]] const std::string& commit(std::size_t place, int number) const;
  // Its branch moves there.
  void move_to(std::size_t place, int number) const;

 private:
  [[nodiscard]] std::string stream() const;
  void read_commits(const std::string& marks_file);
  void make_folder(std::size_t place) const;

  const std::string root_;
  const std::vector<std::string> names_;
  const int commits_each_;
  std::vector<std::string> commits_;  // all of the first repository, then all of the next
};

// SQL that makes each of them a blog of that name, with its place + 1 as GitHub's number for it.
[[nodiscard]] std::string connect_all(
    const RepositoryFarm& farm, const std::function<std::string(const std::string& name)>& url_of);

}  // namespace devy::testing
