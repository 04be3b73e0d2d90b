#include "daemon/web/files_tus.hpp"

#include "core/files/intake/file_name.hpp"
#include "core/files/intake/upload_metadata.hpp"
#include "core/platform/base/ascii.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/http/server/response.hpp"
#include "core/platform/json/json.hpp"
#include "daemon/web/api_answer.hpp"
#include "daemon/web/files_api_answer.hpp"
#include "daemon/web/files_tus_sink.hpp"

namespace devy::daemon {
namespace {

using base::Error;
using base::ErrorKind;
using TusRequest = std::shared_ptr<const server::ReceivedRequest>;

constexpr std::string_view part_type = "application/offset+octet-stream";
constexpr const char* url_path = "/files/*";

[[noreturn]] void refuse_header(std::string cause, std::string hint) {
  throw Error(ErrorKind::rejected, "unable to take the upload: " + std::move(cause),
              std::move(hint), "header_refused");
}

// Throws where a body is of another type. Returns how long it is.
std::int64_t check_part_body(const server::ReceivedRequest& request, bool is_type_needed) {
  const auto bytes = byte_header(request, "Content-Length").value_or(0);
  const auto type = request.header("Content-Type");
  const bool is_right =
      base::is_same_word(base::trim_blanks(type.substr(0, type.find(';'))), part_type);
  if ((bytes > 0 || is_type_needed) && !is_right)
    throw Error(ErrorKind::rejected, "unable to take the upload: its body is of another type",
                "Send `Content-Type: application/offset+octet-stream`.", "unsupported_type");
  return bytes;
}

std::int64_t check_length(std::int64_t length, const config::Files& settings) {
  if (length < 0 || static_cast<std::uint64_t>(length) > settings.file_bytes_max)
    throw Error(ErrorKind::rejected, "unable to take the upload: the file is too large",
                "A file may have " + std::to_string(settings.file_bytes_max) + " bytes.",
                "file_too_large");
  return length;
}

// ---- POST /files

std::optional<std::int64_t> announced_length(const server::ReceivedRequest& request,
                                             const config::Files& settings) {
  if (!http::first_header(request.headers, "Upload-Concat").empty())
    refuse_header("parts are not joined here", "Send the file as one upload.");
  const auto length = byte_header(request, "Upload-Length");
  const auto deferred = http::first_header(request.headers, "Upload-Defer-Length");
  if (length.has_value() == !deferred.empty() || (!deferred.empty() && deferred != "1"))
    refuse_header("it says no length", "Send Upload-Length, or `Upload-Defer-Length: 1`.");
  if (!length) return std::nullopt;
  return check_length(*length, settings);
}

receive::Uploads::Creation read_creation(const FilesCall& call) {
  const auto& request = call.request;
  const auto length = announced_length(request, call.parts.config.files);
  const auto sent = http::first_header(request.headers, "Upload-Metadata");
  auto metadata = intake::read_upload_metadata(sent);
  auto others = json::Json::object();
  for (const auto& [key, value] : metadata.others)
    others.set(key, value);
  auto text = others.compact();
  // PostgreSQL writes a blank behind each colon and comma.
  if (text.size() + 2 * metadata.others.size() > intake::upload_metadata_bytes_max)
    refuse_header("its metadata is too long", "Send at most 4 KiB.");
  constexpr std::size_t type_bytes_max = 255;
  return {.owner = call.owner,
          .name = intake::file_name(metadata.filename.empty() ? "unnamed" : metadata.filename),
          .declared_type = metadata.filetype.size() > type_bytes_max ? "" : metadata.filetype,
          .metadata_json = std::move(text),
          .metadata_sent = std::string(sent),
          .length = length,
          .is_temporary = metadata.is_temporary,
          .token = std::string(request.header("Devy-Token"))};
}

http::Response created_answer(const config::Files& settings,
                              const receive::Uploads::Created& created) {
  auto response = tus_answer(201);
  server::set_header(response, "Location", upload_url(settings.node, created.name.id, created.key));
  server::set_header(response, "Devy-File", created.name.id.text());
  if (!created.token.empty()) server::set_header(response, "Devy-Token", created.token);
  set_expires(response, created.expires_at);
  return response;
}

server::Opening open_creation(FilesCall& call) {
  if (auto refused = check_tus_version(call.request)) return *std::move(refused);
  try {
    const auto creation = read_creation(call);
    const auto bytes = check_part_body(call.request, false);
    if (creation.length && bytes > *creation.length)
      throw Error(ErrorKind::rejected, "unable to take the upload: its body is longer than it",
                  "Send what Upload-Length says.", "file_too_large");
    receive::Part part{.name = {},
                       .bytes = bytes,
                       .checksum = std::string(call.request.header("Upload-Checksum"))};
    if (!part.checksum.empty()) static_cast<void>(receive::BodyChecksum(part.checksum));
    const auto created = call.parts.uploads.create(call.connection, creation);
    auto response = created_answer(call.parts.config.files, created);
    if (bytes == 0 && creation.length != 0) return response;
    part.name = created.name;
    // The sink outlives the call, whose request it keeps.
    return std::make_shared<TusSink>(call.parts, std::move(part),
                                     std::make_shared<const server::ReceivedRequest>(call.request),
                                     std::move(response));
  } catch (const Error& error) {
    return tus_error_answer(error, TusRight::caller);
  }
}

// ---- /files/<node>-<uuid>.<key>

files::UploadName named_upload(FilesParts& parts, const server::ReceivedRequest& request) {
  const auto& settings = parts.config.files;
  const auto url = settings.enabled ? read_upload_url(request.path_values.at(0)) : std::nullopt;
  if (!url) throw Error(ErrorKind::not_found, "there is no such upload", "", "upload_absent");
  if (url->node == settings.node) return url->name;
  parts.counters.count("conflicts.node");
  base::log::error("upload sent to a node that does not have it", {{"node", url->node}});
  throw Error(ErrorKind::unavailable, "unable to go on with the upload: it is on another node", "",
              "wrong_node");
}

// Throws for one that is over; of one that is complete it is not asked for more.
void check_found(const files::Upload& upload) {
  if (upload.outcome == "absent")
    throw Error(ErrorKind::not_found, "there is no such upload", "", "upload_absent");
  if (upload.outcome == "gone")
    throw Error(ErrorKind::rejected, "unable to go on with the upload: it is over",
                "Begin another one.", "upload_gone");
}

http::Response head_answer(FilesParts& parts, const server::ReceivedRequest& request) {
  const auto upload = parts.uploads.look(named_upload(parts, request));
  check_found(upload);
  auto response = tus_answer(200);
  set_offset(response, upload.received);
  if (upload.length) server::set_header(response, "Upload-Length", std::to_string(*upload.length));
  else server::set_header(response, "Upload-Defer-Length", "1");
  if (!upload.metadata_sent.empty())
    server::set_header(response, "Upload-Metadata", upload.metadata_sent);
  set_expires(response, upload.expires_at);
  return response;
}

http::Response delete_answer(FilesParts& parts, const server::ReceivedRequest& request) {
  const auto outcome = parts.uploads.terminate(named_upload(parts, request));
  const bool is_done = outcome == "ended" || outcome == "complete";
  if (!is_done)
    check_found({.outcome = outcome == "absent" ? "absent" : "gone",
                 .node = {},
                 .length = {},
                 .metadata_sent = {},
                 .expires_at = {}});
  return tus_answer(204);
}

// An upload that is complete takes no more; the last PATCH once more is answered as the first time.
http::Response answer_complete(const files::Upload& upload, const receive::Part& part) {
  if (part.offset == upload.received && part.bytes == 0) {
    auto response = tus_answer(204);
    set_offset(response, upload.received);
    return response;
  }
  auto response = part.offset == upload.received
                      ? file_refusal(413, "file_too_large", "the upload is complete")
                      : file_refusal(409, "offset_wrong", "the upload is complete");
  set_offset(response, upload.received);
  return response;
}

server::Opening open_part(FilesParts& parts, const TusRequest& request) {
  const auto name = named_upload(parts, *request);
  files::Upload upload;
  parts.sessions.with(
      [&](pg::Connection& connection) { upload = files::find_upload(connection, name); });
  check_found(upload);
  receive::Part part{.name = name,
                     .bytes = check_part_body(*request, true),
                     .length = byte_header(*request, "Upload-Length"),
                     .checksum = std::string(request->header("Upload-Checksum"))};
  const auto offset = byte_header(*request, "Upload-Offset");
  if (!offset) refuse_header("it says no offset", "Send Upload-Offset.");
  part.offset = *offset;
  if (part.length) check_length(*part.length, parts.config.files);
  if (upload.outcome == "complete") return answer_complete(upload, part);
  return std::make_shared<TusSink>(parts, std::move(part), request, std::nullopt);
}

// Answers requests of an upload's URL.
class TusUrls {
 public:
  TusUrls(FilesParts& parts, WebCounters& counters, server::Pool& waiting)
      : parts_(parts), counters_(counters), waiting_(waiting) {}

  void open(const std::string& method, const TusRequest& request, const server::Opened& opened) {
    if (method == "HEAD" || method == "DELETE") {
      waiting_.submit([this, method, request, opened] { opened(answer(method, request)); });
      return;
    }
    opened(answer(method, request));
  }

 private:
  server::Opening answer(const std::string& method, const TusRequest& request) {
    const auto begun = base::system_clock().monotonic_now();
    auto opening = act(method, request);
    if (auto* response = std::get_if<http::Response>(&opening)) {
      complete_tus_answer(*request, parts_.config.files, *response);
      counters_.count(url_path, response->status,
                      std::chrono::duration_cast<std::chrono::microseconds>(
                          base::system_clock().monotonic_now() - begun));
    }
    return opening;
  }

  server::Opening act(const std::string& method, const TusRequest& request) {
    try {
      if (auto refused = check_tus_version(*request)) return *std::move(refused);
      if (method == "HEAD") return head_answer(parts_, *request);
      if (method == "DELETE") return delete_answer(parts_, *request);
      if (method == "PATCH") return open_part(parts_, request);
      refuse_header("this method is none of an upload", "Send PATCH or DELETE.");
    } catch (const Error& error) {
      return tus_error_answer(error, TusRight::url);
    } catch (const std::exception& error) {
      base::log::error("request failed", {{"path", url_path}, {"error", error.what()}});
      return file_refusal(500, "internal", "something went wrong here");
    }
  }

  FilesParts& parts_;
  WebCounters& counters_;
  server::Pool& waiting_;
};

}  // namespace

std::vector<FilesRoute> tus_creation_routes(const config::Files& settings) {
  return {{.method = "POST",
           .path = "/files",
           .body_bytes_max = settings.file_bytes_max,
           .handler = {},
           .open = open_creation,
           .is_body_optional = true,
           .complete =
               [&settings](const server::ReceivedRequest& request, http::Response& response) {
                 complete_tus_answer(request, settings, response);
               },
           .session = FilesSession::in_header}};
}

std::vector<server::Route> tus_upload_routes(FilesParts& parts, WebCounters& counters,
                                             server::Pool& waiting) {
  const auto urls = std::make_shared<TusUrls>(parts, counters, waiting);
  const auto& settings = parts.config.files;
  std::vector<server::Route> routes;
  for (const char* path : {"/files", url_path})
    routes.push_back({"OPTIONS", path, 0, [&settings](const server::ReceivedRequest& request) {
                        auto response = tus_options_answer(settings);
                        complete_tus_answer(request, settings, response);
                        return response;
                      }});
  for (const std::string method : {"HEAD", "DELETE"}) {
    server::Route route{method, url_path, 0, {}};
    route.async_handler = [urls, method](const TusRequest& request,
                                         const server::Respond& respond) {
      urls->open(method, request, [respond](server::Opening opening) {
        respond(std::get<http::Response>(std::move(opening)));
      });
    };
    routes.push_back(std::move(route));
  }
  for (const std::string method : {"PATCH", "POST"}) {
    server::Route route{method, url_path, settings.file_bytes_max, {}, method == "POST"};
    route.open = [urls, method](const TusRequest& request, const server::Opened& opened) {
      urls->open(method == "POST" ? std::string(request->header("X-HTTP-Method-Override")) : method,
                 request, opened);
    };
    routes.push_back(std::move(route));
  }
  return routes;
}

}  // namespace devy::daemon
