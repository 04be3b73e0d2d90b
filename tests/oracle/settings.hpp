#pragma once
// What a repository's devy.toml says of which files are posts, read anew: `root` by a reader that
// knows no more TOML than these two keys need, `ignore` by git's own gitignore.
//
// Throws std::runtime_error when git fails. Any thread.

#include <functional>
#include <string>
#include <vector>

namespace devy::testing {

struct BlogSettings {
  std::string root = ".";
  std::vector<std::string> ignore;
};

[[nodiscard]] BlogSettings read_blog_settings(const std::string& repository,
                                              const std::string& commit);

// Whether these globs leave a path out, on top of the defaults. Knows no `!glob`: whoever uses one
// asks with a rule of his own. Empty when there is no glob.
[[nodiscard]] std::function<bool(const std::string&)> ignored_by(
    const std::vector<std::string>& globs, const std::vector<std::string>& paths);

// Every path of a commit.
[[nodiscard]] std::vector<std::string> paths_of(const std::string& repository,
                                                const std::string& commit);

}  // namespace devy::testing
