#pragma once
// Decides which files a visitor sees and changes. Any thread; throws what pg::Connection throws.

#include "core/files/store/file_store.hpp"
#include "daemon/web/page.hpp"

namespace devy::daemon {

// The visitor as an owner of files, made where he is missing.
[[nodiscard]] files::OwnerId own_owner(Visit& visit);
// The file of the path's id. Throws Error(not_found) for another's, unless an operator asks.
[[nodiscard]] files::File seen_file(Visit& visit);
// Throws Error(not_found) while files are switched off.
void require_files(const Visit& visit);

}  // namespace devy::daemon
