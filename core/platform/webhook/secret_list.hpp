#pragma once
// Loads the signing secrets that the configuration names. Reads files; throws Error(config).

#include <string>
#include <vector>

#include "core/platform/webhook/signature.hpp"

namespace devy::webhook {

inline constexpr std::size_t secrets_max = 1000;
inline constexpr std::size_t secret_bytes_min = 32;

// Each entry has the form "id /path/of/file [until TIME] [for GITHUB-ID]". At most candidates_max
// secrets may be valid for all repositories, and at most as many, including those, for any one.
[[nodiscard]] std::vector<SigningSecret> load_secrets(const std::vector<std::string>& entries);

}  // namespace devy::webhook
