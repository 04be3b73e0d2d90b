// The bytes of an answer (http_connection.hpp).
#include <algorithm>
#include <array>
#include <utility>

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/http/server/connection.hpp"
#include "core/platform/http/server/response.hpp"

namespace devy::server {
namespace {

constexpr std::array<std::pair<int, std::string_view>, 36> reasons{{
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {423, "Locked"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {460, "Checksum Mismatch"},
    {500, "Internal Server Error"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
}};

std::string_view reason_of(int status) {
  for (const auto& [number, reason] : reasons)
    if (number == status) return reason;
  return "Status";
}

// RFC 9110, section 6.4.1: these have no body, and an announced length would be that of another
// answer.
bool has_body(int status) {
  return status != 204 && status != 304;
}

// A carriage return in a header would begin another header, or another answer.
bool is_well_formed(const http::Headers& headers) {
  return std::ranges::none_of(headers, [](const auto& header) {
    return header.first.empty() || header.first.find(' ') != std::string::npos ||
           is_broken_line(header.first) || is_broken_line(header.second);
  });
}

void append_header(std::string& bytes, std::string_view name, std::string_view value) {
  bytes.append("\r\n").append(name).append(": ").append(value);
}

}  // namespace

std::string to_bytes(const http::Response& response, Framing framing) {
  if (!is_well_formed(response.headers)) {
    base::log::error("response refused", {{"status", response.status}, {"cause", "header"}});
    return to_bytes(refusal_response({500, "internal"}), framing);
  }
  const bool is_with_body = has_body(response.status);
  std::string bytes = "HTTP/1.1 " + std::to_string(response.status) + " ";
  bytes += reason_of(response.status);
  if (is_with_body) {
    if (response.header("Content-Type").empty())
      append_header(bytes, "Content-Type", "application/json");
    const auto file_bytes = response.file ? response.file->length : 0;
    append_header(bytes, "Content-Length", std::to_string(response.body.size() + file_bytes));
  }
  if (framing.is_last) append_header(bytes, "Connection", "close");
  if (response.header("Cache-Control").empty()) append_header(bytes, "Cache-Control", "no-store");
  if (response.header("X-Content-Type-Options").empty())
    append_header(bytes, "X-Content-Type-Options", "nosniff");
  for (const auto& [name, value] : response.headers)
    if (is_with_body || !base::is_same_word(name, "Content-Type"))
      append_header(bytes, name, value);
  bytes += "\r\n\r\n";
  if (is_with_body && !framing.is_head) bytes += response.body;
  return bytes;
}

http::Response refusal_response(const Refusal& refusal) {
  http::Response response;
  response.status = refusal.status;
  if (!refusal.allow.empty()) response.headers.emplace_back("Allow", refusal.allow);
  response.body = "{\"error\":\"" + std::string(refusal.text) + "\"}\n";
  if (refusal.status == 503 || refusal.status == 429)
    response.headers.emplace_back("Retry-After", "1");
  return response;
}

}  // namespace devy::server
