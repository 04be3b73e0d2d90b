#pragma once
// Which files of a repository a blog publishes. Immutable after construction; any thread.
//
// The default ignores come first, then the settings' globs in order; the last one that matches
// decides, and "!" brings back. Globs are .gitignore's: "*", "?", "[a-z]", "**"; a leading or inner
// '/' ties one to the repository's root, a trailing '/' means folders. As there, nothing below a
// folder that a glob ignores can be brought back. Below a folder that only a default ignores, a
// glob with an inner '/' can: "!_posts/*.md". The folders of `root` itself are never ignored.
//
// A match takes pattern × path steps at worst.

#include <string>
#include <string_view>
#include <vector>

#include "core/blog/settings.hpp"

namespace devy::blog {

// Paths are relative to the repository, '/'-separated.
class PathFilter {
 public:
  explicit PathFilter(const Settings& settings);
  // A Markdown file under the root that is not ignored.
  [[nodiscard]] bool publishes(std::string_view path) const;
  // False when nothing below the folder can be published: it need not be walked.
  [[nodiscard]] bool wants_folder(std::string_view folder) const;

 private:
  enum class Verdict { kept, ignored_by_default, ignored };
  struct Rule {
    std::vector<std::string> parts;  // of the pattern between '/'
    bool is_negated = false, is_folder_only = false, is_anchored = false;
  };
  void add_rule(std::string_view glob);
  [[nodiscard]] bool is_under_root(std::string_view path) const;
  // Of the path or the first folder above it that nothing brings back.
  [[nodiscard]] Verdict judge(std::string_view path, bool is_folder) const;
  [[nodiscard]] Verdict judge_one(std::string_view path, bool is_folder, Verdict above) const;

  std::string root_;  // empty: the repository itself
  std::vector<Rule> rules_;
  bool may_bring_back_below_ = false;
};

}  // namespace devy::blog
