#include "daemon/web/sync_openapi.hpp"

#include "core/platform/base/hex.hpp"
#include "core/platform/base/sha256.hpp"
#include "core/platform/http/server/response.hpp"
#include "embedded/sync_openapi.hpp"

namespace devy::daemon {

server::Route sync_openapi_route() {
  static constexpr std::string_view cache = "public, max-age=300";
  static const auto tag = server::strong_tag(base::to_hex(base::sha256(embedded::sync_openapi)));
  return {"GET", "/v1/sync/openapi.json", 0, [](const server::ReceivedRequest& request) {
            if (server::is_known(request, tag)) return server::not_modified_response(tag, cache);
            http::Response response;
            response.body = embedded::sync_openapi;
            server::set_header(response, "Content-Type", "application/json");
            server::set_header(response, "Cache-Control", cache);
            server::set_header(response, "ETag", tag);
            return response;
          }};
}

}  // namespace devy::daemon
