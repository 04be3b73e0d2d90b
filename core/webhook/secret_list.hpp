#pragma once
// The signing secrets as the configuration names them. Reads files; throws Error(config).

#include <string>
#include <vector>

#include "core/webhook/signature.hpp"

namespace devy::webhook {

inline constexpr std::size_t secrets_max = 1000;
inline constexpr std::size_t secret_bytes_min = 32;

// Each "id /path/of/file [until TIME] [for GITHUB-ID]". At most candidates_max are for all
// repositories, and as many, with those, for any one.
[[nodiscard]] std::vector<SigningSecret> load_secrets(const std::vector<std::string>& entries);

}  // namespace devy::webhook
