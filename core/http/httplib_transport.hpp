#pragma once
// The real Transport: one connection a request, TLS verified against the system's authorities or a
// bundle of one's own. There is no switch to turn verification off. One thread.

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "core/http/transport.hpp"

namespace devy::http {

struct TransportOptions {
  std::string ca_file = {};  // PEM bundle; empty: the system's
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds read_timeout{30'000};     // of silence, not of the whole answer
  std::chrono::milliseconds answer_timeout{120'000};  // of the whole answer's body
  std::uint64_t body_bytes_max = std::uint64_t{8} * 1024 * 1024;
};

[[nodiscard]] std::unique_ptr<Transport> make_httplib_transport(TransportOptions options);

}  // namespace devy::http
