#pragma once
// Finds the route of a request, and runs its handler. Routes consist of literal segments, not of
// regular expressions, so matching cannot be made slow. Any thread.

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/platform/http/server/head.hpp"
#include "core/platform/http/server/server.hpp"

namespace devy::server {

struct Match {
  const Route* route = nullptr;
  std::vector<std::string> values;  // the segments that matched "*"
};

// The server answers OPTIONS itself, unless a route does, with the methods of a path.
struct Options {
  std::string allow;  // "GET, HEAD, OPTIONS"
};

// Returns 404 when no route has the path, 405 when none of those has the method. A route for GET
// serves HEAD too where no route for HEAD has the path.
[[nodiscard]] std::variant<Match, Options, Refusal> find_route(std::span<const Route> routes,
                                                               std::string_view method,
                                                               std::string_view path);

// Returns the reason to refuse the body of this request, decided by its head alone.
[[nodiscard]] std::optional<Refusal> check_body(const Route& route, const Head& head);

// Turns whatever `act` throws into a response with fixed text, and logs it under the path.
[[nodiscard]] std::optional<http::Response> guarded(
    const std::string& path, const std::function<std::optional<http::Response>()>& act);

// Asks a route that has `open` what becomes of the body; whatever it throws refuses it.
void open_body(const Route& route, std::shared_ptr<const ReceivedRequest> request,
               const Opened& opened);

// Runs the route's handler, which responds now or later; whatever it throws becomes a response with
// fixed text.
void serve(const Route& route, std::shared_ptr<const ReceivedRequest> request,
           const Respond& respond);

}  // namespace devy::server
