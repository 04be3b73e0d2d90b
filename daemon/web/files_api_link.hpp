#pragma once
// Links by which anybody gets the bytes of a file for a while, at files.public_url, where there are
// no cookies (files.md, section 5).

#include <vector>

#include "daemon/web/files_api.hpp"

namespace devy::daemon {

// POST /v1/files/:id/link {"seconds"} → 201 {"url", "expires_at"}
[[nodiscard]] std::vector<FilesRoute> file_link_routes();
// GET /v1/files/:id/shared ?expires ?signature, for whoever has the link. Borrows everything.
[[nodiscard]] std::vector<server::Route> shared_file_routes(FilesParts& parts,
                                                            WebCounters& counters);

}  // namespace devy::daemon
