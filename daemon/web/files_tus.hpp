#pragma once
// Uploads that can be resumed, by tus 1.0 (files.md, section 5): creation, also with data and with
// a deferred length, expiration, checksum, termination. Parts that are joined are not there yet.
//
// Whoever creates one says who he is; behind that the URL alone says who may, so its routes ask for
// nobody's name. What may wait for another writer runs in the pool that is given.

#include <vector>

#include "core/platform/http/server/pool.hpp"
#include "core/platform/http/server/server.hpp"
#include "daemon/web/files_api.hpp"

namespace devy::daemon {

// POST /files
[[nodiscard]] std::vector<FilesRoute> tus_creation_routes(const config::Files& settings);
// OPTIONS /files, /files/*; HEAD, PATCH, DELETE /files/*; POST /files/* with
// X-HTTP-Method-Override. Borrows everything.
[[nodiscard]] std::vector<server::Route> tus_upload_routes(FilesParts& parts, WebCounters& counters,
                                                           server::Pool& waiting);

}  // namespace devy::daemon
