#pragma once
// The tracked user that a command names. Throws Error(config, "gists_off") where gists are switched
// off, and Error(not_found).

#include <string>

#include "cli/context.hpp"
#include "core/gists/store/user_store.hpp"

namespace devy::cli {

void require_gists(Context& context);
[[nodiscard]] gists::User tracked_user(Context& context, const std::string& login);

}  // namespace devy::cli
