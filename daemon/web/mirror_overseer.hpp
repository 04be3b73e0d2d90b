#pragma once
// Tells who looks at the mirror's pages, and which repositories are his to see there. Belongs to
// the thread that answers.

#include "core/mirror/store/console_store.hpp"
#include "daemon/web/page.hpp"

namespace devy::daemon {

[[nodiscard]] mirror::Overseer overseer_of(Visit& visit);
// By "owner/name". Throws Error(not_found) for what is not there and for what is not his.
[[nodiscard]] mirror::OverseenRepository find_overseen(Visit& visit, const std::string& name);
// The one that the first two parts of the path name.
[[nodiscard]] mirror::OverseenRepository overseen_in_path(Visit& visit);

}  // namespace devy::daemon
