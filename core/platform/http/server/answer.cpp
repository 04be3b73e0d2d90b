// The bytes of an answer (http_connection.hpp).
#include <algorithm>
#include <array>
#include <utility>

#include "core/platform/http/server/connection.hpp"

namespace devy::server {
namespace {

constexpr std::array<std::pair<int, std::string_view>, 22> reasons{{
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {411, "Length Required"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
}};

std::string_view reason_of(int status) {
  for (const auto& [number, reason] : reasons)
    if (number == status) return reason;
  return "Status";
}

}  // namespace

std::string to_bytes(const http::Response& response, bool is_last) {
  std::string bytes = "HTTP/1.1 " + std::to_string(response.status) + " ";
  bytes += reason_of(response.status);
  if (response.header("Content-Type").empty()) bytes += "\r\nContent-Type: application/json";
  bytes += "\r\nContent-Length: " + std::to_string(response.body.size());
  if (is_last) bytes += "\r\nConnection: close";
  bytes += "\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff";
  for (const auto& [name, value] : response.headers)
    bytes.append("\r\n").append(name).append(": ").append(value);
  bytes += "\r\n\r\n";
  bytes += response.body;
  return bytes;
}

http::Response refusal_response(const Refusal& refusal) {
  http::Response response;
  response.status = refusal.status;
  response.body = "{\"error\":\"" + std::string(refusal.text) + "\"}\n";
  if (refusal.status == 503 || refusal.status == 429)
    response.headers.emplace_back("Retry-After", "1");
  return response;
}

}  // namespace devy::server
