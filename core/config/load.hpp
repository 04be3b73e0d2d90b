#pragma once
// Where the settings come from: defaults, then the file, then DEVY_* environment, then flags (which
// the command line applies). The only reader of our own TOML file.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/config/config.hpp"

namespace devy::config {

struct Problem {
  std::string where;  // "devy-upload.toml:3:7" or "DEVY_LOG_LEVEL"
  std::string message;
  bool is_warning = false;  // unknown keys, with a did-you-mean
};

struct Loaded {
  Config config;
  std::optional<std::string> file;             // which one was read
  std::map<std::string, std::string> origins;  // "git.url_hosts" → "default", "file", "DEVY_…"
  std::vector<Problem> problems;               // all at once; empty or warnings only: usable
};

// `file`: --config or DEVY_CONFIG, which must exist; nothing: ./devy-upload.toml, else
// /etc/devy/devy-upload.toml, else defaults. Throws Error(config) only when a named file cannot be
// read at all.
[[nodiscard]] Loaded load(const std::optional<std::string>& file);

// A configuration as text for another process of this program, and back: every setting, nothing
// read from anywhere. from_text throws Error(config) for a text that it cannot take.
[[nodiscard]] std::string to_text(const Config& config);
[[nodiscard]] Config from_text(const std::string& text);

// Every key with its value as text, for `config show`: ("git.url_hosts", "[\"github.com\"]").
[[nodiscard]] std::vector<std::pair<std::string, std::string>> describe(const Config& config);

}  // namespace devy::config
