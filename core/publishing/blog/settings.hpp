#pragma once
// devy.toml: the settings that an author makes for a blog (content.md). Parsed from untrusted
// bytes, at most 64 KiB and 32 key parts deep. Values; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/base/error.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/snapshot/file_error.hpp"

namespace devy::blog {

struct Settings {
  std::optional<std::string> name, description;
  std::string root = ".";  // normalised: "." or "a/b", no leading or trailing '/'
  std::optional<std::string> branch;
  std::vector<std::string> ignore;  // as written, in order
  // Folders whose files other programs serve from '/', normalised as `root`.
  std::vector<std::string> static_folders;
  std::string timezone = "UTC";  // an IANA name that this system knows
  bool drafts = false;
  int max_delete_percent = 50;
};

struct ParsedSettings {
  Settings settings;
  std::vector<snapshot::FileError> warnings;  // unknown keys, with a did-you-mean
};

// Every problem of a devy.toml that cannot be used. Error(rejected, "settings_broken"), whose text
// has them separated by "; ", in the form "devy.toml:LINE:COL: what".
class BrokenSettings : public base::Error {
 public:
  explicit BrokenSettings(std::vector<snapshot::FileError> problems);
  [[nodiscard]] const std::vector<snapshot::FileError>& problems() const { return problems_; }

 private:
  std::vector<snapshot::FileError> problems_;
};

// Throws BrokenSettings.
[[nodiscard]] ParsedSettings parse_settings(std::string_view toml, const config::Limits& limits);

// Digest of everything that determines a post besides its path and blob: renderer version,
// timezone, root, drafts. It has sixteen hexadecimal digits and is the same on every machine.
[[nodiscard]] std::string origin_digest(const Settings& settings);

}  // namespace devy::blog
