#pragma once
// The routes of the reading API (web.md, "Reading: what the site renders from"), anonymous and for
// every origin:
//   GET /v1/blogs/<username>/<slug>
//   GET /v1/blogs/<username>/<slug>/posts          ?tag ?author ?lang ?before ?limit (1 … 100)
//   GET /v1/blogs/<username>/<slug>/posts/<slug>   ?format=markdown ?preview=<token>
//   GET /v1/blogs/<username>/<slug>/feed.atom
//   GET /v1/blogs/<username>/<slug>/sitemap.xml
//   GET /assets/<sha256>/<name>
// What they answer stands in core/publishing/reading/reading.hpp. The parts of a post's slug are
// parts of the path ("2024/first-steps"), or one part with its slashes encoded.
//
// /assets/<digest>/<name> is also where the role's own files are. Those routes are literal, and the
// caller puts them before these: a route that matches first is the one that answers. Whatever is no
// SHA-256 in 64 digits is 404 here without a look into the database.

#include <string>
#include <vector>

#include "core/platform/http/server/server.hpp"
#include "daemon/serving/session_pool.hpp"

namespace devy::daemon {

// Borrows the pool, which must outlive the routes. `site_url` is the setting site.url. The handlers
// may run in any thread, and in several.
[[nodiscard]] std::vector<server::Route> reading_routes(SessionPool& sessions,
                                                        std::string site_url);

}  // namespace devy::daemon
