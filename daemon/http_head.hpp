#pragma once
// The head of an HTTP/1 request, read strictly: what two readers could understand differently is
// refused, for that is how requests are smuggled past a proxy. Pure; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "daemon/http_message.hpp"

namespace devy::daemon {

inline constexpr std::size_t headers_max = 100;
inline constexpr std::size_t target_bytes_max = 4096;

struct Head {
  std::string method, path, query;
  Headers headers;
  std::optional<std::uint64_t> content_length;
  bool expects_continue = false;  // the client waits for "100 Continue" before its body
  bool wants_close = false;       // the client's last request over this connection
};

// An answer with a fixed text; nothing of the request is in it.
struct Refusal {
  int status = 400;
  std::string_view text;
};

// Where the head ends in what has come so far: behind its empty line. Nothing: not yet.
// `seen` is how much was looked at before.
[[nodiscard]] std::optional<std::size_t> find_head_end(std::string_view bytes, std::size_t seen);

// `bytes` is a head with its empty line.
[[nodiscard]] std::variant<Head, Refusal> parse_head(std::string_view bytes);

}  // namespace devy::daemon
