#pragma once
// Reads what a request wants to have loaded: the original's routes and their query (mirror.md,
// section 8), and the body of POST /v1/mirror/loads. Whatever is not understood is refused in
// words. Pure; any thread.

#include <span>
#include <string>

#include "core/mirror/scan/target.hpp"
#include "core/platform/http/server/message.hpp"

namespace devy::daemon {

struct LoadRequest {
  scan::Target target;
  std::string state = "all";  // open, closed, all
  bool has_children = false;
  bool is_inline = false;  // the caller waits for its end; never with children
};

// A route of the original: its path, where "*" stands for the owner, the name, a key; and the list
// that it is about.
struct LoadRoute {
  const char* path;
  const char* list;  // empty: a repository, or of "/load/user/…" a user's repositories
  bool is_item = false;
};
[[nodiscard]] std::span<const LoadRoute> load_routes();

// Throws Error(usage).
[[nodiscard]] LoadRequest read_load_route(const LoadRoute& route,
                                          const server::ReceivedRequest& request);
// POST /load/user/repos, of the user whose login it is. Throws Error(usage).
[[nodiscard]] LoadRequest read_own_load(const std::string& login,
                                        const server::ReceivedRequest& request);
// {"target", "state"?, "children"?, "full"?}, of at most load_body_bytes_max. Throws Error(usage).
inline constexpr std::size_t load_body_bytes_max = 16UL * 1024;
[[nodiscard]] LoadRequest read_load_body(const std::string& body);

}  // namespace devy::daemon
