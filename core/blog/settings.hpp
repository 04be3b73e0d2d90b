#pragma once
// devy.toml: what an author sets for a blog (content.md). Parsed from hostile bytes, at most 64 KiB
// and 32 key parts deep. Values; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/config.hpp"
#include "core/snapshot/file_error.hpp"

namespace devy::blog {

struct Settings {
  std::optional<std::string> name, description;
  std::string root = ".";              // normalised: "." or "a/b", no leading or trailing '/'
  std::optional<std::string> branch;
  std::vector<std::string> ignore;     // as written, in order
  std::string timezone = "UTC";        // an IANA name that this system knows
  bool drafts = false;
  int max_delete_percent = 50;
};

struct ParsedSettings {
  Settings settings;
  std::vector<snapshot::FileError> warnings;  // unknown keys, with a did-you-mean
};

// Throws Error(rejected, "settings_broken"): "devy.toml:LINE:COL: what".
[[nodiscard]] ParsedSettings parse_settings(std::string_view toml, const config::Limits& limits);

// Which paths a blog publishes: the default ignores, then the settings' globs in order, a later
// one winning, "!" bringing back (gitignore's matching). Paths are relative to the repository.
class PathFilter {
 public:
  explicit PathFilter(const Settings& settings);
  // A Markdown file under the root that is not ignored.
  [[nodiscard]] bool publishes(std::string_view path) const;
  // False when nothing below the folder can be published: it need not be walked.
  [[nodiscard]] bool wants_folder(std::string_view folder) const;

 private:
  struct Rule {
    std::string pattern;
    bool is_negated = false, is_folder_only = false, is_anchored = false;
  };
  [[nodiscard]] bool is_ignored(std::string_view path, bool is_folder) const;
  std::string root_;
  std::vector<Rule> rules_;
  bool has_negation_ = false;
};

// Digest of what decides a post besides its path and blob: renderer version, timezone, root.
[[nodiscard]] std::string origin_digest(const Settings& settings);

}  // namespace devy::blog
