#include "daemon/web/page_assets.hpp"

#include "core/platform/base/error.hpp"
#include "core/platform/http/server/response.hpp"
#include "core/platform/web/html/assets.hpp"

namespace devy::daemon {

http::Response show_asset(Visit& visit) {
  const auto& values = visit.request.path_values;
  const auto* asset = html::find_asset(values[0], values[1]);
  if (asset == nullptr) throw base::Error(base::ErrorKind::not_found, "unable to find that file");
  http::Response response;
  response.body = asset->bytes;
  server::set_header(response, "Content-Type", asset->media_type);
  server::set_header(response, "Cache-Control", "public, max-age=31536000, immutable");
  return response;
}

http::Response show_health(Visit&) {
  return server::text_response(200, "ok\n");
}

http::Response show_nothing(Visit&) {
  throw base::Error(base::ErrorKind::not_found, "unable to find a page of that address");
}

}  // namespace devy::daemon
