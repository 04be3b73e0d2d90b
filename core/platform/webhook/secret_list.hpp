#pragma once
// The signing secrets that the configuration names, each with its scope. Throws Error(config). Any
// thread.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/webhook/signature.hpp"

namespace devy::webhook {

inline constexpr std::size_t secrets_max = 1000;
inline constexpr std::size_t secret_bytes_min = 32;

// Each entry has the form "id /path/of/file [until TIME] [for GITHUB-ID | app]". Reads the files.
// At most candidates_max secrets may be valid for all repositories, and at most as many, including
// those, for any one.
[[nodiscard]] std::vector<SigningSecret> load_secrets(const std::vector<std::string>& entries);

// The secret for a new hook of a repository, by its id at GitHub: the last one named that is for it
// alone, else the last one for all; one that ends is none. Throws Error(config,
// "hook_secret_missing") when there is none.
[[nodiscard]] base::Secret newest_secret(const std::vector<std::string>& entries,
                                         std::int64_t github_id);

// An entry without its secret, for whoever needs not, or may not, read the file.
struct SecretEntry {
  std::string id, path;
  std::optional<base::TimePoint> ends_at;
  Scope scope;
};
[[nodiscard]] SecretEntry parse_secret_entry(const std::string& entry);

}  // namespace devy::webhook
