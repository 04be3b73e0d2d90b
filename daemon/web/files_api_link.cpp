#include "daemon/web/files_api_link.hpp"

#include "core/files/link.hpp"
#include "core/files/store/file_store.hpp"
#include "core/platform/base/ascii.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/http/server/query.hpp"
#include "core/platform/http/server/response.hpp"
#include "core/platform/json/reader.hpp"
#include "daemon/web/api_answer.hpp"
#include "daemon/web/files_api_answer.hpp"
#include "daemon/web/files_api_content.hpp"
#include "daemon/web/files_api_rows.hpp"

namespace devy::daemon {
namespace {

using json::Json;

constexpr std::uint64_t link_bytes_max = 1024;
constexpr json::Format link_format{.name = "the body",
                                   .bytes_max = link_bytes_max,
                                   .depth_max = 4,
                                   .kind = base::ErrorKind::usage};
constexpr const char* shared_path = "/v1/files/*/shared";

http::Response make_link(FilesCall& call) {
  const auto& settings = call.parts.config.files;
  if (call.parts.link_key.empty())
    return file_refusal(404, "not_found", "there are no links here",
                        "Whoever runs this site sets files.public_url and files.link_key_file.");
  const auto file = file_of_path(call);
  if (!file || !file->is_whole())
    return file_refusal(404, "not_found", "you have no such file, or it is not whole");
  auto life = files::link_life_max;
  if (!call.request.body.empty()) {
    const auto document = json::parse(call.request.body, link_format);
    if (document.find("seconds")) life = std::chrono::seconds(document.integer("seconds"));
  }
  if (life < std::chrono::seconds(1) || life > files::link_life_max)
    return file_refusal(400, "malformed", "seconds must be from 1 to 3600");
  const auto expires_at = base::system_clock().now() + life;
  return json_answer(
      201, Json::object({{"url", settings.public_url +
                                     files::link_path(call.parts.link_key, file->id, expires_at)},
                         {"expires_at", expires_at}}));
}

// One answer for all that is wrong, but for a link that was right once.
http::Response no_such_link() {
  return file_refusal(404, "not_found", "there is no such link");
}

std::string_view host_of(std::string_view authority) {
  const auto colon = authority.rfind(':');
  return colon == std::string_view::npos || authority.ends_with(']') ? authority
                                                                     : authority.substr(0, colon);
}

// A proxy may leave the port out.
bool is_public_host(const server::ReceivedRequest& request, std::string_view public_url) {
  const auto public_host =
      public_url.substr(std::min(public_url.find("://") + 3, public_url.size()));
  return base::is_same_word(host_of(request.header("Host")), host_of(public_host));
}

http::Response open_link(FilesParts& parts, const server::ReceivedRequest& request) {
  const auto& settings = parts.config.files;
  if (!settings.enabled || parts.link_key.empty() || !is_public_host(request, settings.public_url))
    return no_such_link();
  const auto id = files::FileId::parse(request.path_values.at(0));
  if (!id) return no_such_link();
  const auto query = server::read_query(request);
  const auto state =
      files::judge_link(parts.link_key, *id, query.line("expires").value_or(""),
                        query.line("signature").value_or(""), base::system_clock().now());
  if (state == files::LinkState::wrong) return no_such_link();
  if (state == files::LinkState::expired)
    return file_refusal(410, "link_expired", "the link has expired", "Ask for another one.");
  http::Response response;
  parts.sessions.with([&](pg::Connection& connection) {
    const auto read = [&] { return files::find_file(connection, *id); };
    response = content_answer(request, read, parts.depot.disk(connection), {.settings = settings});
  });
  constexpr int not_found = 404;
  if (response.status == not_found) response = no_such_link();
  // Pages of other sites may show it: that is what links are for. Nobody is told who led here.
  server::set_header(response, "Cross-Origin-Resource-Policy", "cross-origin");
  server::set_header(response, "Referrer-Policy", "no-referrer");
  return response;
}

}  // namespace

std::vector<FilesRoute> file_link_routes() {
  FilesRoute route{"POST", "/v1/files/*/link", link_bytes_max, make_link};
  route.is_body_optional = true;
  return {route};
}

std::vector<server::Route> shared_file_routes(FilesParts& parts, WebCounters& counters) {
  server::Route route{"GET", shared_path, 0, {}};
  route.handler = [&parts, &counters](const server::ReceivedRequest& request) {
    const auto begun = base::system_clock().monotonic_now();
    http::Response response;
    try {
      response = open_link(parts, request);
    } catch (const base::Error& error) {
      response = file_error_answer(error, shared_path);
    }
    counters.count(shared_path, response.status,
                   std::chrono::duration_cast<std::chrono::microseconds>(
                       base::system_clock().monotonic_now() - begun));
    return response;
  };
  return {route};
}

}  // namespace devy::daemon
