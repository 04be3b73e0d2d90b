#include "tests/e2e/web/sample_server.hpp"

#include "core/platform/web/html/assets.hpp"

namespace devy::testing {
namespace {

http::Response with_page_headers(http::Response response) {
  response.headers.insert(response.headers.end(),
                          {{"Content-Security-Policy", std::string(page_policy)},
                           {"Referrer-Policy", "same-origin"},
                           {"Cross-Origin-Opener-Policy", "same-origin"},
                           {"Cross-Origin-Resource-Policy", "same-origin"}});
  return response;
}

http::Response asset(const server::ReceivedRequest& request) {
  const auto* found = html::find_asset(request.path_values.at(0), request.path_values.at(1));
  if (found == nullptr) return server::text_response(404, "none");
  return server::text_response(200, std::string(found->bytes), found->media_type);
}

}  // namespace

SampleServer::SampleServer(std::vector<SamplePage> pages) : pages_(std::move(pages)) {
  std::vector<base::Descriptor> sockets;
  sockets.push_back(server::bind_socket("127.0.0.1:0"));
  address_ = server::address_of(sockets.front().get());
  std::vector<server::Route> routes;
  routes.push_back({"GET", "/assets/*/*", 0, asset});
  routes.push_back({"GET", "/pages/*", 0, [this](const server::ReceivedRequest& request) {
                      return page(request.path_values.at(0));
                    }});
  server_ = std::make_unique<server::HttpServer>(server::ServerSettings{.name = "sample"},
                                                 std::move(routes), std::move(sockets));
  thread_ = std::jthread([this](const std::stop_token& stop) { server_->run(stop); });
}

SampleServer::~SampleServer() {
  thread_.request_stop();
  thread_.join();
}

http::Response SampleServer::page(const std::string& name) const {
  for (const auto& page : pages_)
    if (page.name == name)
      return with_page_headers(
          server::text_response(page.status, page.html, "text/html; charset=utf-8"));
  return server::text_response(404, "none");
}

std::string SampleServer::url() const {
  return "http://" + address_;
}

std::vector<VisitedPage> SampleServer::visited_pages() const {
  std::vector<VisitedPage> visited;
  for (const auto& page : pages_)
    visited.push_back({"/pages/" + page.name, page.name, page.status});
  return visited;
}

}  // namespace devy::testing
