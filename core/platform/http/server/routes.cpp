#include "core/platform/http/server/routes.hpp"

#include <algorithm>

#include "core/platform/base/error.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/http/server/connection.hpp"

namespace devy::server {
namespace {

// Takes the first part of a path without its '/'.
std::string_view read_part(std::string_view& path) {
  path.remove_prefix(1);
  const auto end = std::min(path.find('/'), path.size());
  const auto part = path.substr(0, end);
  path.remove_prefix(end);
  return part;
}

std::optional<std::vector<std::string>> values_of(std::string_view pattern, std::string_view path) {
  std::vector<std::string> values;
  while (!pattern.empty() && !path.empty()) {
    if (pattern == "/**") return values;
    const auto wanted = read_part(pattern), part = read_part(path);
    if (wanted == "*" && !part.empty()) values.emplace_back(part);
    else if (wanted != part) return std::nullopt;
  }
  if (!pattern.empty() || !path.empty()) return std::nullopt;
  return values;
}

// The methods of a path as the header Allow has them.
std::string allowed(std::vector<std::string_view> methods) {
  if (std::ranges::find(methods, "GET") != methods.end()) methods.emplace_back("HEAD");
  methods.emplace_back("OPTIONS");
  std::ranges::sort(methods);
  methods.erase(std::unique(methods.begin(), methods.end()), methods.end());
  std::string text;
  for (const auto method : methods)
    text.append(text.empty() ? "" : ", ").append(method);
  return text;
}

}  // namespace

std::optional<http::Response> guarded(const std::string& path,
                                      const std::function<std::optional<http::Response>()>& act) {
  try {
    return act();
  } catch (const base::Error& error) {
    base::log::warning("request failed",
                       {{"path", path}, {"code", error.code()}, {"error", error.text()}});
    return refusal_response({http_status(error.kind()), to_string(error.kind())});
  } catch (const std::exception& error) {
    base::log::error("request failed", {{"path", path}, {"error", error.what()}});
    return refusal_response({500, "internal"});
  }
}

std::variant<Match, Options, Refusal> find_route(std::span<const Route> routes,
                                                 std::string_view method, std::string_view path) {
  std::optional<Match> get;
  std::vector<std::string_view> methods;
  for (const auto& route : routes) {
    auto values = values_of(route.path, path);
    if (!values) continue;
    if (route.method == method) return Match{&route, *std::move(values)};
    if (route.method == "GET" && !get) get = Match{&route, *std::move(values)};
    methods.emplace_back(route.method);
  }
  if (methods.empty()) return Refusal{404, "there is nothing here"};
  if (get && method == "HEAD") return *std::move(get);
  auto allow = allowed(std::move(methods));
  if (method == "OPTIONS") return Options{std::move(allow)};
  return Refusal{405, "not with this method", std::move(allow)};
}

std::optional<Refusal> check_body(const Route& route, const Head& head) {
  const auto length = head.content_length.value_or(0);
  const auto& method = route.method;
  const bool is_bodiless = method == "GET" || method == "HEAD" || method == "OPTIONS";
  if (is_bodiless && length > 0) return Refusal{400, "a request of this method has no body"};
  // A DELETE may have a body; without a length it has none.
  if (!is_bodiless && method != "DELETE" && !head.content_length && !route.is_body_optional)
    return Refusal{411, "send a Content-Length"};
  if (length > route.body_bytes_max) return Refusal{413, "the body is too large"};
  return std::nullopt;
}

void open_body(const Route& route, std::shared_ptr<const ReceivedRequest> request,
               const Opened& opened) {
  const auto path = request->path;
  auto refused = guarded(path, [&]() -> std::optional<http::Response> {
    route.open(std::move(request), opened);
    return std::nullopt;
  });
  if (refused) opened(*std::move(refused));
}

void serve(const Route& route, std::shared_ptr<const ReceivedRequest> request,
           const Respond& respond) {
  const auto path = request->path;
  auto response = guarded(path, [&]() -> std::optional<http::Response> {
    if (!route.async_handler) return route.handler(*request);
    route.async_handler(std::move(request), respond);
    return std::nullopt;
  });
  if (response) respond(*std::move(response));
}

}  // namespace devy::server
