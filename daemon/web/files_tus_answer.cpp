#include "daemon/web/files_tus_answer.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include "core/files/receive/body_checksum.hpp"
#include "core/files/receive/uploads.hpp"
#include "core/platform/base/ascii.hpp"
#include "core/platform/base/hex.hpp"
#include "core/platform/http/http_date.hpp"
#include "core/platform/http/server/response.hpp"
#include "daemon/web/files_api_answer.hpp"

namespace devy::daemon {
namespace {

constexpr std::string_view tus_version = "1.0.0";
constexpr std::string_view tus_extensions =
    "creation,creation-with-upload,creation-defer-length,expiration,checksum,termination";
constexpr std::size_t uuid_bytes = 36, url_key_bytes = 22, node_bytes_max = 32;

bool is_uuid(std::string_view text) {
  if (text.size() != uuid_bytes) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (is_dash ? text[i] != '-' : !base::is_lower_hex(text[i])) return false;
  }
  return true;
}

}  // namespace

std::optional<std::int64_t> byte_header(const server::ReceivedRequest& request,
                                        std::string_view name) {
  // Twice the same header is none for header(), and wrong.
  const auto same = [&](const auto& header) { return base::is_same_word(header.first, name); };
  const auto count = std::ranges::count_if(request.headers, same);
  if (count == 0) return std::nullopt;
  const auto text = request.header(name);
  const bool is_number = count == 1 && !text.empty() && std::ranges::all_of(text, [](char byte) {
                           return byte >= '0' && byte <= '9';
                         });
  if (!is_number)
    throw base::Error(base::ErrorKind::rejected,
                      "unable to read " + std::string(name) + ": it is no number",
                      "Send a number of bytes in decimal digits.", "header_refused");
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc() ? number : std::numeric_limits<std::int64_t>::max();
}

std::optional<UploadUrl> read_upload_url(std::string_view segment) {
  const auto dash = segment.find('-'), dot = segment.find('.');
  if (dash == std::string_view::npos || dot == std::string_view::npos || dot < dash)
    return std::nullopt;
  const auto node = segment.substr(0, dash), id = segment.substr(dash + 1, dot - dash - 1),
             key = segment.substr(dot + 1);
  const bool is_node =
      !node.empty() && node.size() <= node_bytes_max && std::ranges::all_of(node, [](char byte) {
        return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
      });
  if (!is_node || !is_uuid(id) || key.size() != url_key_bytes || !base::is_word_of(key, "-_"))
    return std::nullopt;
  return UploadUrl{std::string(node),
                   {files::FileId::trusted(std::string(id)), receive::key_digest(key)}};
}

std::string upload_url(const std::string& node, const files::FileId& id, const std::string& key) {
  return "/files/" + node + "-" + id.text() + "." + key;
}

std::optional<http::Response> check_tus_version(const server::ReceivedRequest& request) {
  if (request.header("Tus-Resumable") == tus_version) return std::nullopt;
  auto response = file_refusal(412, "version", "only version 1.0.0 of tus is spoken here",
                               "Send `Tus-Resumable: 1.0.0`.");
  server::set_header(response, "Tus-Version", tus_version);
  return response;
}

http::Response tus_answer(int status) {
  auto response = server::empty_response();
  response.status = status;
  server::set_header(response, "Cache-Control", "no-store");
  return response;
}

void set_offset(http::Response& response, std::int64_t offset) {
  server::set_header(response, "Upload-Offset", std::to_string(offset));
}

void set_expires(http::Response& response, const std::optional<base::TimePoint>& expires_at) {
  if (expires_at)
    server::set_header(response, "Upload-Expires", http::write_http_date(*expires_at));
}

http::Response tus_error_answer(const base::Error& error, TusRight right) {
  auto response = file_error_answer(error, "/files/*");
  const bool is_of_caller =
      response.status == 401 || response.status == 403 || response.status == 429;
  if (right == TusRight::url && is_of_caller) response.status = 423;
  if (response.status == 423) server::set_header(response, "Retry-After", "1");
  return response;
}

void complete_tus_answer(const server::ReceivedRequest& request, const config::Files& settings,
                         http::Response& response) {
  server::set_header(response, "Tus-Resumable", tus_version);
  if (settings.origins.empty()) return;
  response.headers.emplace_back("Vary", "Origin");
  const auto origin = request.header("Origin");
  if (std::ranges::find(settings.origins, origin) == settings.origins.end()) return;
  server::set_header(response, "Access-Control-Allow-Origin", origin);
  server::set_header(response, "Access-Control-Expose-Headers",
                     "Devy-File, Devy-Token, Location, Retry-After, Tus-Checksum-Algorithm, "
                     "Tus-Extension, Tus-Max-Size, Tus-Resumable, Tus-Version, "
                     "Upload-Defer-Length, Upload-Expires, Upload-Length, Upload-Metadata, "
                     "Upload-Offset");
}

http::Response tus_options_answer(const config::Files& settings) {
  auto response = tus_answer(204);
  server::set_header(response, "Tus-Version", tus_version);
  server::set_header(response, "Tus-Extension", tus_extensions);
  server::set_header(response, "Tus-Max-Size", std::to_string(settings.file_bytes_max));
  server::set_header(response, "Tus-Checksum-Algorithm", receive::checksum_algorithms);
  if (settings.origins.empty()) return response;
  server::set_header(response, "Access-Control-Allow-Methods",
                     "POST, HEAD, PATCH, DELETE, OPTIONS");
  server::set_header(response, "Access-Control-Allow-Headers",
                     "Authorization, Content-Type, Devy-Token, Tus-Resumable, Upload-Checksum, "
                     "Upload-Defer-Length, Upload-Length, Upload-Metadata, Upload-Offset, "
                     "X-HTTP-Method-Override");
  server::set_header(response, "Access-Control-Max-Age", "86400");
  return response;
}

}  // namespace devy::daemon
