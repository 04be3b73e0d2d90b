#pragma once
// Decides which files of a repository a blog publishes. Immutable after construction; any thread.
//
// The default ignores come first, then the settings' globs in order; the last one that matches
// decides, and "!" includes again. The globs are .gitignore's: "*", "?", "[a-z]", "**"; a leading
// or inner '/' ties one to the repository's root, a trailing '/' means folders only. As in
// .gitignore, nothing below a folder that a glob ignores can be included again. Below a folder that
// only a default ignores, a glob with an inner '/' can do so: "!_posts/*.md". The folders of `root`
// itself are never ignored.
//
// A match takes at worst pattern × path steps.

#include <string>
#include <string_view>
#include <vector>

#include "core/publishing/blog/settings.hpp"

namespace devy::blog {

// Paths are relative to the repository, '/'-separated.
class PathFilter {
 public:
  explicit PathFilter(const Settings& settings);
  // True for a Markdown file under the root that is not ignored.
  [[nodiscard]] bool publishes(std::string_view path) const;
  // False when nothing below the folder can be published, so that it need not be walked.
  [[nodiscard]] bool wants_folder(std::string_view folder) const;

 private:
  enum class Verdict { kept, ignored_by_default, ignored };
  struct Rule {
    std::vector<std::string> parts;  // the pattern split at '/'
    bool is_negated = false, is_folder_only = false, is_anchored = false;
  };
  void add_rule(std::string_view glob);
  [[nodiscard]] bool is_under_root(std::string_view path) const;
  // Judges the path, or the first folder above it that is ignored for good.
  [[nodiscard]] Verdict verdict_of(std::string_view path, bool is_folder) const;
  [[nodiscard]] Verdict verdict_of_part(std::string_view path, bool is_folder, Verdict above) const;

  std::string root_;  // empty: the repository itself
  std::vector<Rule> rules_;
  bool may_bring_back_below_ = false;
};

}  // namespace devy::blog
