#include "daemon/web/page_assets.hpp"

#include "core/platform/http/server/response.hpp"
#include "core/platform/web/html/assets.hpp"

namespace devy::daemon {
namespace {

http::Response answer_asset(const html::Asset& asset) {
  http::Response response;
  response.body = asset.bytes;
  server::set_header(response, "Content-Type", asset.media_type);
  server::set_header(response, "Cache-Control", "public, max-age=31536000, immutable");
  server::set_header(response, "Cross-Origin-Resource-Policy", "same-origin");
  return response;
}

}  // namespace

std::vector<server::Route> asset_routes() {
  std::vector<server::Route> routes;
  // Literal paths: an asset of a post has an address of the same form.
  for (const auto& asset : html::assets())
    routes.push_back({"GET", "/assets/" + asset.digest + "/" + std::string(asset.name), 0,
                      [&asset](const server::ReceivedRequest&) { return answer_asset(asset); }});
  routes.push_back({"GET", "/healthz", 0, [](const server::ReceivedRequest&) {
                      return server::text_response(200, "ok\n");
                    }});
  return routes;
}

}  // namespace devy::daemon
