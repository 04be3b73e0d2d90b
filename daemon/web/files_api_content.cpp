#include "daemon/web/files_api_content.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/files/intake/file_name.hpp"
#include "core/platform/base/ascii.hpp"
#include "core/platform/base/hex.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/http/server/response.hpp"
#include "daemon/web/files_api_answer.hpp"
#include "daemon/web/files_api_rows.hpp"
#include "daemon/web/files_api_s3.hpp"

namespace devy::daemon {
namespace {

constexpr std::string_view content_cache = "private, max-age=31536000, immutable";

// The types that a browser shows by itself without running anything.
bool is_shown_inline(std::string_view media_type) {
  constexpr std::array<std::string_view, 5> images{"image/png", "image/jpeg", "image/gif",
                                                   "image/webp", "image/avif"};
  return std::ranges::find(images, media_type) != images.end() ||
         media_type.starts_with("audio/") || media_type.starts_with("video/") ||
         media_type.starts_with("text/plain");
}

std::optional<std::uint64_t> number_of(std::string_view digits) {
  std::uint64_t number = 0;
  const auto* end = digits.data() + digits.size();
  const auto [rest, error] = std::from_chars(digits.data(), end, number);
  if (digits.empty() || error != std::errc() || rest != end) return std::nullopt;
  return number;
}

http::Response lost_content(const files::File& file) {
  base::log::error("content is lost", {{"file", file.id.text()}});
  return file_refusal(503, "content_lost", "the bytes of this file are lost",
                      "Upload the same bytes once more.");
}

std::string disposition_of(const files::File& file, const ContentOptions& options) {
  const bool is_inline = !options.is_download && is_shown_inline(file.media_type);
  return intake::content_disposition(is_inline ? "inline" : "attachment", file.name);
}

void add_content_headers(http::Response& response, const files::File& file, const std::string& tag,
                         const ContentOptions& options) {
  response.headers = {{"Content-Type", file.media_type},
                      {"Content-Disposition", disposition_of(file, options)},
                      {"Content-Security-Policy", "sandbox; default-src 'none'"},
                      {"Cross-Origin-Resource-Policy", "same-origin"},
                      {"X-Content-Type-Options", "nosniff"},
                      {"Cache-Control", std::string(content_cache)},
                      {"Accept-Ranges", "bytes"},
                      {"ETag", tag}};
}

http::Response redirect_to_nginx(const files::File& file, const std::string& tag,
                                 const ContentOptions& options) {
  http::Response response;
  add_content_headers(response, file, tag, options);
  const auto hex = base::to_hex(*file.sha256);
  server::set_header(
      response, "X-Accel-Redirect",
      options.settings.accel_path + hex.substr(0, 2) + "/" + hex.substr(2, 2) + "/" + hex);
  return response;
}

// The bytes that `opened` has: on this node's disk, or read from S3 to be handed on.
http::Response opened_content(const server::ReceivedRequest& request, const files::File& file,
                              const std::string& tag, base::Descriptor opened,
                              const ContentOptions& options) {
  const auto size = static_cast<std::uint64_t>(file.size);
  const auto range = range_of(request, size, tag);
  if (range.kind == ByteRange::Kind::unsatisfiable) {
    auto response = file_refusal(416, "range_not_satisfiable", "the file is shorter than that");
    server::set_header(response, "Content-Range", "bytes */" + std::to_string(size));
    return response;
  }
  http::Response response;
  add_content_headers(response, file, tag, options);
  if (range.kind == ByteRange::Kind::part) {
    response.status = 206;
    server::set_header(response, "Content-Range",
                       "bytes " + std::to_string(range.first) + "-" +
                           std::to_string(range.first + range.length - 1) + "/" +
                           std::to_string(size));
  }
  response.file = {std::make_shared<const base::Descriptor>(std::move(opened)), range.first,
                   range.length};
  return response;
}

http::Response content_of_s3(const server::ReceivedRequest& request, const files::File& file,
                             const std::string& tag, const storage::Disk& disk,
                             const ContentOptions& options) {
  if (options.settings.s3.delivery == "redirect")
    return redirect_to_s3(options.settings, request.method, file, disposition_of(file, options));
  auto fetched = fetch_from_s3(options.settings, file, disk);
  return fetched ? opened_content(request, file, tag, *std::move(fetched), options)
                 : lost_content(file);
}

http::Response content(FilesCall& call) {
  const auto read = [&] { return file_of_path(call); };
  return content_answer(call.request, read, call.parts.depot.disk(call.connection),
                        {.settings = call.parts.config.files});
}

}  // namespace

http::Response content_answer(const server::ReceivedRequest& request, const ReadFile& read,
                              const storage::Disk& disk, const ContentOptions& options) {
  // A content may leave this disk for S3 between the two looks, once.
  constexpr int looks_max = 2;
  for (int look = 0; look < looks_max; ++look) {
    const auto file = read();
    if (!file || !file->is_whole() || !file->sha256)
      return file_refusal(404, "not_found", "you have no such file, or it is not whole");
    const auto tag = server::strong_tag(base::to_hex(*file->sha256));
    if (server::is_known(request, tag)) return server::not_modified_response(tag, content_cache);
    if (file->content_state == "lost") return lost_content(*file);
    if (is_in_s3(*file)) return content_of_s3(request, *file, tag, disk, options);
    if (auto opened = disk.open(*file->sha256)) {
      if (storage::size_of(*opened) != static_cast<std::uint64_t>(file->size))
        return lost_content(*file);
      // nginx looks at ranges itself. It alone comes by a Unix socket.
      if (!options.settings.accel_path.empty() && request.is_local)
        return redirect_to_nginx(*file, tag, options);
      return opened_content(request, *file, tag, *std::move(opened), options);
    }
    if (file->content_storage == "disk") return lost_content(*file);
    if (file->content_node != options.settings.node) break;
  }
  auto response = file_refusal(503, "unavailable", "another machine has the file still",
                               "Ask again in a minute.");
  server::set_header(response, "Retry-After", "60");
  return response;
}

ByteRange range_of(const server::ReceivedRequest& request, std::uint64_t size,
                   std::string_view tag) {
  using Kind = ByteRange::Kind;
  const ByteRange whole{Kind::whole, 0, size};
  auto text = request.header("Range");
  constexpr std::string_view unit = "bytes=";
  if (text.size() <= unit.size() || !base::is_same_word(text.substr(0, unit.size()), unit))
    return whole;
  const auto condition = request.header("If-Range");
  if (!condition.empty() && condition != tag) return whole;
  text.remove_prefix(unit.size());
  const auto dash = text.find('-');
  if (dash == std::string_view::npos || text.find(',') != std::string_view::npos) return whole;
  const auto from = base::trim_blanks(text.substr(0, dash));
  const auto to = base::trim_blanks(text.substr(dash + 1));
  const auto first = number_of(from), last = number_of(to);
  // "-500": the last 500 bytes.
  if (from.empty()) {
    if (!last) return whole;
    if (*last == 0 || size == 0) return {Kind::unsatisfiable};
    const auto length = std::min(*last, size);
    return {Kind::part, size - length, length};
  }
  if (!first || (!to.empty() && !last) || (last && *last < *first)) return whole;
  if (*first >= size) return {Kind::unsatisfiable};
  const auto end = last ? std::min(*last, size - 1) : size - 1;
  return {Kind::part, *first, end - *first + 1};
}

std::vector<FilesRoute> file_content_routes() {
  return {{"GET", "/v1/files/*/content", 0, content}};
}

}  // namespace devy::daemon
