#pragma once
// Loads the settings: from defaults, then the file, then DEVY_* variables, then flags (which the
// command line applies). The only reader of our own TOML file.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/config/config.hpp"

namespace devy::config {

struct Problem {
  std::string where;  // "devy-upload.toml:3:7" or "DEVY_LOG_LEVEL"
  std::string message;
  bool is_warning = false;  // unknown keys, with a did-you-mean
  std::string hint = {};    // a sentence that says what to do; empty: the message does
  std::string key = {};     // of the setting, where it is about one: "webhook.secrets"
};

struct Loaded {
  Config config;
  std::optional<std::string> file;             // the file that was read
  std::map<std::string, std::string> origins;  // "git.url_hosts" → "default", "file", "DEVY_…"
  std::map<std::string, std::string, std::less<>> places;  // of the keys that were given
  std::vector<Problem> problems;        // complete; empty or only warnings: the settings are usable
  bool is_readable_by_others = false;   // the file: by every user of this machine
  std::optional<std::string> shadowed;  // a usual file that is there and was not read
};

// A folder whose content is a stranger's, such as the clone that `check` reads: neither it nor the
// folders in it are places of configurations.
struct DistrustedFolder {
  std::string path;
};

// `file` is --config or DEVY_CONFIG and must exist; without it, ./devy-upload.toml is read, else
// /etc/devy/devy-upload.toml, else defaults apply. Throws Error(config) only when a named file
// cannot be read at all, and for one that was not named and that others may have written
// (usual_file.hpp).
[[nodiscard]] Loaded load(const std::optional<std::string>& file,
                          const std::optional<DistrustedFolder>& distrusted = {});
// The same for whoever only looks: what load() would throw becomes a problem, and the settings are
// then those of defaults and variables.
[[nodiscard]] Loaded load_to_examine(const std::optional<std::string>& file);

// Convert a configuration to text for another process of this program, and back: every setting is
// included, and nothing else is read. from_text throws Error(config) for invalid text.
[[nodiscard]] std::string to_text(const Config& config);
[[nodiscard]] Config from_text(const std::string& text);

// Lists every key with its value as text, for `config show`: ("git.url_hosts", "[\"github.com\"]").
[[nodiscard]] std::vector<std::pair<std::string, std::string>> describe(const Config& config);

}  // namespace devy::config
