#pragma once
// Parses the head of an HTTP/1 request strictly: whatever two parsers could understand differently
// is refused, because such differences allow request smuggling past a proxy. Pure; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/platform/http/server/message.hpp"

namespace devy::server {

inline constexpr std::size_t headers_max = 100;
inline constexpr std::size_t target_bytes_max = 4096;

struct Head {
  std::string method, path, query;
  http::Headers headers;
  std::optional<std::uint64_t> content_length;
  bool expects_continue = false;  // the client waits for "100 Continue" before it sends its body
  bool wants_close = false;       // the client sends no further request over this connection
};

// A response with a fixed text; nothing of the request is in it.
struct Refusal {
  int status = 400;
  std::string_view text;
  std::string allow = {};  // of a 405: the methods that the path has, "GET, HEAD, OPTIONS"
};

// Returns the end of the head, behind its empty line; nothing when it has not arrived completely.
// `seen` is the number of bytes that were searched before.
[[nodiscard]] std::optional<std::size_t> find_head_end(std::string_view bytes, std::size_t seen);

// `bytes` is a complete head including its empty line.
[[nodiscard]] std::variant<Head, Refusal> parse_head(std::string_view bytes);

}  // namespace devy::server
