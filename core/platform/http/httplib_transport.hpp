#pragma once
// The real Transport: it uses one connection per request, unless it is told to keep them, and
// verifies TLS against the system's authorities or a configured bundle. Verification cannot be
// turned off. One thread.

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "core/platform/http/transport.hpp"

namespace devy::http {

struct TransportOptions {
  std::string ca_file = {};  // PEM bundle; empty: the system's
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds read_timeout{30'000};  // limit for silence, not for the whole response
  std::chrono::milliseconds answer_timeout{120'000};  // limit for the whole body of the response
  std::uint64_t body_bytes_max = std::uint64_t{8} * 1024 * 1024;
  // The connection to the server that was asked last stays open for the next request. One that the
  // server has closed meanwhile is made anew; one that it closes at that moment is a broken one.
  bool keeps_connection = false;
};

[[nodiscard]] std::unique_ptr<Transport> make_httplib_transport(TransportOptions options);

}  // namespace devy::http
