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
};

struct Loaded {
  Config config;
  std::optional<std::string> file;             // the file that was read
  std::map<std::string, std::string> origins;  // "git.url_hosts" → "default", "file", "DEVY_…"
  std::vector<Problem> problems;  // complete; empty or only warnings: the settings are usable
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

// Convert a configuration to text for another process of this program, and back: every setting is
// included, and nothing else is read. from_text throws Error(config) for invalid text.
[[nodiscard]] std::string to_text(const Config& config);
[[nodiscard]] Config from_text(const std::string& text);

// Lists every key with its value as text, for `config show`: ("git.url_hosts", "[\"github.com\"]").
[[nodiscard]] std::vector<std::pair<std::string, std::string>> describe(const Config& config);

}  // namespace devy::config
