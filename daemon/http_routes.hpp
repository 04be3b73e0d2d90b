#pragma once
// Which route a request takes. Literal parts, never expressions: nothing to be slow on. Pure.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "daemon/http_head.hpp"
#include "daemon/http_server.hpp"

namespace devy::daemon {

struct Match {
  const Route* route = nullptr;
  std::vector<std::string> values;  // of the parts "*"
};

// 404 when no route has the path, 405 when none of those has the method.
[[nodiscard]] std::variant<Match, Refusal> find_route(std::span<const Route> routes,
                                                      std::string_view method,
                                                      std::string_view path);

// What speaks against taking the body of this request, judged by its head alone.
[[nodiscard]] std::optional<Refusal> judge_body(const Route& route, const Head& head);

}  // namespace devy::daemon
