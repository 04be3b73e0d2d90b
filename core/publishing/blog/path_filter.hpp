#pragma once
// Decides which files of a repository a blog publishes. Immutable after construction; any thread.
//
// The defaults of content.md come first, then the settings' globs in order; the last one that
// matches decides, and "!" includes again. Files about a repository are left out where GitHub knows
// them, whatever the blog's root: in the repository's own root, in .github/ and in docs/. The globs
// are .gitignore's: "*", "?", "[a-z]", "**"; a leading or inner '/' ties one to the repository's
// root, a trailing '/' means folders only. As in .gitignore, nothing below a folder that a glob
// ignores can be included again. Below a folder that only a default ignores, a glob with an inner
// '/' can do so: "!_posts/*.md". The folders of `root` itself are never ignored.
//
// A match takes at worst pattern × path steps.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/publishing/blog/left_out.hpp"
#include "core/publishing/blog/settings.hpp"

namespace devy::blog {

// Paths are relative to the repository, '/'-separated.
class PathFilter {
 public:
  explicit PathFilter(const Settings& settings);
  // True for a Markdown file under the root that is not ignored.
  [[nodiscard]] bool publishes(std::string_view path) const;
  // Why the file at a path is no post, as far as the path tells; nothing when it may be one.
  [[nodiscard]] std::optional<LeftOutReason> reason_left_out(std::string_view path) const;
  // A "!" glob names this very file, so that it is a post whatever the defaults say.
  [[nodiscard]] bool brings_back(std::string_view path) const;
  // False when nothing below the folder can be published, so that it need not be walked.
  [[nodiscard]] bool wants_folder(std::string_view folder) const;

 private:
  enum class Verdict { kept, ignored_by_default, ignored };
  // `name` belongs to the reason; it refers to the path, to a rule, or to a constant.
  struct Ruling {
    Verdict verdict = Verdict::kept;
    LeftOutRule rule = LeftOutRule::ignore;
    std::string_view name = {};
    bool is_folder = false;        // `name` is that of a folder
    bool is_brought_back = false;  // a "!" glob decided about the last part
  };
  struct Rule {
    std::string glob;                // as written
    std::vector<std::string> parts;  // the pattern split at '/'
    bool is_negated = false, is_folder_only = false, is_anchored = false;
  };
  void add_rule(std::string_view glob);
  [[nodiscard]] bool is_under_root(std::string_view path) const;
  // Judges the path, or the first folder above it that is ignored for good.
  [[nodiscard]] Ruling rule_on(std::string_view path, bool is_folder) const;
  [[nodiscard]] Ruling rule_on_part(std::string_view path, bool is_folder,
                                    const Ruling& above) const;

  std::string root_;  // empty: the repository itself
  std::vector<Rule> rules_;
  bool may_bring_back_below_ = false;
};

// The order in which files are the page of their folder: index.md (0), _index.md (1), README.md
// (2), whatever their case and Markdown extension. Nothing for any other name.
[[nodiscard]] std::optional<int> folder_page_rank(std::string_view name);

}  // namespace devy::blog
